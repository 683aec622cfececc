// Check my file, without sending it: SHA-256 of the whole file and of its beginnings up to each of its
// last four %%EOF marks, computed here. Only the digests are sent. Without this script, or where the
// browser cannot compute digests, the form sends the file instead and says so.
"use strict";

const MOST_MARKS = 4;
const MARK = [0x25, 0x25, 0x45, 0x4f, 0x46]; // %%EOF
const CR = 13;
const LF = 10;

// The ends of the last revisions, longest first: just behind each mark and its line end.
function revisionEnds(bytes) {
  const ends = [];
  let at = bytes.length;
  while (at > 0 && ends.length < MOST_MARKS) {
    at = bytes.lastIndexOf(MARK[0], at - 1);
    if (at < 0) break;
    if (!MARK.every((byte, index) => bytes[at + index] === byte)) continue;
    let end = at + MARK.length;
    if (bytes[end] === CR && bytes[end + 1] === LF) end += 2;
    else if (bytes[end] === CR || bytes[end] === LF) end += 1;
    else if (end < bytes.length) continue;
    if (end < bytes.length) ends.push(end);
  }
  return ends;
}

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function digestsOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const lengths = [bytes.length, ...revisionEnds(bytes)];
  const digests = [];
  for (const length of lengths) digests.push(await digest(bytes.subarray(0, length)));
  return digests;
}

// The answer is a page of its own: its content and its title take the place of this one's.
async function show(response, files) {
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const main = document.querySelector("main");
  main.replaceWith(page.querySelector("main"));
  document.title = page.title;
  const input = document.querySelector("main input[type=file]");
  if (input) input.files = files;
  prepare();
  document.querySelector("main").focus();
}

function prepare() {
  const form = document.querySelector("form[data-digests]");
  if (!form || !globalThis.crypto?.subtle) return;
  form.querySelector("[data-without-script]").hidden = true;
  form.querySelector("[data-with-script]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const status = form.querySelector("[role=status]");
    const { files } = form.querySelector("input[type=file]");
    status.textContent = status.dataset.working;
    try {
      const body = JSON.stringify({ digests: await digestsOf(files[0]) });
      const headers = { "Content-Type": "application/json", Accept: "text/html" };
      await show(await fetch(form.dataset.digests, { method: "POST", headers, body }), files);
    } catch {
      status.textContent = status.dataset.failed;
    }
  });
}

prepare();
