//! pyHanko as a judge: one Python process that answers many questions (`judge.py`).

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::differential::Opinion;
use crate::support::{root, tools};

/// How pyHanko reads a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// By the letter of the standard, and it is no hybrid.
    Strictly,
    /// With tolerance.
    Tolerantly,
    /// Not at all.
    NotAtAll,
}

/// A running `judge.py`.
pub(crate) struct PyHanko {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl PyHanko {
    /// Starts it.
    pub(crate) fn start() -> Self {
        let mut child = Command::new(tools::python())
            .arg(root().join("tests/interop/judge.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python starts");
        Self {
            questions: child.stdin.take().expect("stdin is piped"),
            answers: BufReader::new(child.stdout.take().expect("stdout is piped")),
            child,
        }
    }

    fn ask(&mut self, question: &Value) -> Result<Value, String> {
        let mut answer = String::new();
        writeln!(self.questions, "{question}")
            .and_then(|()| self.questions.flush())
            .and_then(|()| self.answers.read_line(&mut answer))
            .map_err(|error| format!("judge.py: {error}"))?;
        let answer: Value = serde_json::from_str(&answer)
            .map_err(|error| format!("judge.py: {error}: {answer}"))?;
        match answer["error"].as_str() {
            Some(error) => Err(format!("pyHanko: {error}")),
            None => Ok(answer),
        }
    }

    /// How pyHanko reads a document.
    pub(crate) fn reads(&mut self, file: &Path) -> Reading {
        let nobody: [&str; 0] = [];
        let answer = self.ask(&json!({ "op": "validate", "file": file, "roots": nobody }));
        match answer {
            Err(_) => Reading::NotAtAll,
            Ok(answer) if answer["strict"] == true && answer["hybrid"] == false => {
                Reading::Strictly
            }
            Ok(_) => Reading::Tolerantly,
        }
    }

    /// One signature and no document timestamp, intact, valid, trusted, over the whole file, and its DocMDP kept. The copy has
    /// to be read as strictly as the source was.
    pub(crate) fn accepts(
        &mut self,
        copy: &Path,
        anchors: &[PathBuf],
        source: Reading,
    ) -> Result<(), String> {
        let answer = self.ask(&json!({ "op": "validate", "file": copy, "roots": anchors }))?;
        if answer["strict"] == false && source == Reading::Strictly {
            return Err(format!("pyHanko, strict: {}", answer["strict_failure"]));
        }
        let signatures = answer["signatures"].as_array().ok_or("judge.py: no list")?;
        let [signature] = signatures.as_slice() else {
            return Err(format!("pyHanko: {} signatures", signatures.len()));
        };
        if answer["others"] != 0 {
            return Err(format!("pyHanko: {} signatures besides", answer["others"]));
        }
        let expected = json!({
            "intact": true,
            "valid": true,
            "trusted": true,
            "coverage": "ENTIRE_FILE",
            "modification": "NONE",
            "docmdp": 1,
            "docmdp_ok": true,
            "bottom_line": true,
        });
        for (name, value) in expected.as_object().into_iter().flatten() {
            if signature[name] != *value {
                return Err(format!("pyHanko: {name} is not {value}: {signature}"));
            }
        }
        Ok(())
    }

    /// Whether every signature is intact, covers its revision, and permits what was done after it.
    pub(crate) fn opinion(&mut self, file: &Path) -> Opinion {
        let nobody: [&str; 0] = [];
        let answer = self.ask(&json!({ "op": "validate", "file": file, "roots": nobody }));
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return Opinion::None(error),
        };
        let signatures = answer["signatures"].as_array().cloned().unwrap_or_default();
        if signatures.is_empty() {
            return Opinion::None("no signature".to_owned());
        }
        let is_sound = |signature: &&Value| {
            let covers = ["ENTIRE_FILE", "ENTIRE_REVISION"].map(Value::from);
            let permitted = ["NONE", "LTA_UPDATES", "FORM_FILLING"].map(Value::from);
            signature["intact"] == true
                && signature["valid"] == true
                && signature["docmdp_ok"] != false
                && covers.contains(&signature["coverage"])
                && permitted.contains(&signature["modification"])
        };
        match signatures.iter().find(|signature| !is_sound(signature)) {
            None => Opinion::Accepts,
            Some(signature) => {
                let told = [
                    "field",
                    "intact",
                    "valid",
                    "coverage",
                    "modification",
                    "docmdp_ok",
                ]
                .map(|name| format!("{name}={}", signature[name]));
                Opinion::Rejects(told.join(" "))
            }
        }
    }

    /// Writes the copy with a further revision that restores the original boxes of every page.
    pub(crate) fn restore_boxes(
        &mut self,
        source: &Path,
        copy: &Path,
        out: &Path,
    ) -> Result<(), String> {
        self.ask(&json!({ "op": "restore", "source": source, "copy": copy, "out": out }))
            .map(|_| ())
    }
}

impl Drop for PyHanko {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
