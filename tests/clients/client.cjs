// axios with its default headers: URL KEY SENT RECEIVED, as in main.rs.
const fs = require("node:fs");
const axios = require("axios");

const [url, key, sent, received] = process.argv.slice(2);

axios
  .post(url, fs.readFileSync(sent), {
    headers: { Authorization: `Bearer ${key}` },
    responseType: "arraybuffer",
    validateStatus: () => true,
  })
  .then((answer) => {
    fs.writeFileSync(received, answer.data);
    console.log(answer.status, answer.headers["content-type"]);
  });
