//! A child process that never outlives the test.
//!
//! Only processes that this crate started are ended, by their pid: the child
//! and, read from `/proc`, what descends from it. Should the test itself be
//! killed, a small `sh` that waits for the end of its standard input does it.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

/// What the watching shell runs: it reads pids, one a line, and when the test
/// is gone it kills them and removes the profile.
const WATCH: &str = r#"
trap '' INT TERM HUP
pids=
while read -r pid; do pids="$pids $pid"; done
for pid in $pids; do kill -KILL "$pid" 2>/dev/null; done
sleep 1
rm -rf -- "$0"
"#;

/// A running child with its output.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    watch: Child,
    lines: Receiver<String>,
    /// Lines read so far, for error messages.
    read: Vec<String>,
}

impl Process {
    /// Starts `command` and collects what it writes to stdout and stderr.
    /// `profile` is removed should the test be killed.
    pub(crate) fn start(mut command: Command, profile: &Path) -> Result<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("starting {name}; is it installed?"))?;
        let (sender, lines) = mpsc::channel();
        if let Some(out) = child.stdout.take() {
            collect(out, sender.clone());
        }
        if let Some(err) = child.stderr.take() {
            collect(err, sender);
        }
        let watch = Command::new("/bin/sh")
            .args(["-c", WATCH])
            .arg(profile)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let watch = match watch {
            Ok(watch) => watch,
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(error).context("starting /bin/sh to watch over the browser");
            }
        };
        let pid = child.id();
        let mut process = Self { name, child, watch, lines, read: Vec::new() };
        process.watch_also(pid);
        Ok(process)
    }

    /// Lets the watching shell kill this pid too, should the test be killed.
    pub(crate) fn watch_also(&mut self, pid: u32) {
        if let Some(stdin) = &mut self.watch.stdin {
            let _ = writeln!(stdin, "{pid}");
        }
    }

    /// Waits for a line of output that contains `mark` and returns what follows it.
    pub(crate) fn wait_for_output(&mut self, mark: &str, time: Duration) -> Result<String> {
        let deadline = Instant::now() + time;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => {
                    let found = line.find(mark).map(|at| line[at + mark.len()..].to_owned());
                    self.read.push(line);
                    if let Some(rest) = found {
                        return Ok(rest);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let said = self.said();
                    bail!("{} did not say {mark:?} within {time:?}; {said}", self.name)
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let said = self.said();
                    bail!("{} ended without saying {mark:?}; {said}", self.name)
                }
            }
        }
    }

    /// Its last words, for error messages.
    pub(crate) fn said(&mut self) -> String {
        self.read.extend(self.lines.try_iter());
        let last = &self.read[self.read.len().saturating_sub(12)..];
        format!("its output: {last:?}")
    }

    /// Waits until it ends by itself; `false` when it has not in that time.
    pub(crate) fn wait(&mut self, time: Duration) -> bool {
        const LOOK_AGAIN: Duration = Duration::from_millis(5);
        let deadline = Instant::now() + time;
        loop {
            match self.child.try_wait() {
                Ok(None) if Instant::now() < deadline => thread::sleep(LOOK_AGAIN),
                Ok(None) => return false,
                Ok(Some(_)) | Err(_) => return true,
            }
        }
    }

    /// The processes that descend from this one, to be ended with it.
    pub(crate) fn descendants(&self) -> Vec<Descendant> {
        descendants(self.child.id())
    }

    /// Kills what is left of the child and of the given descendants.
    pub(crate) fn kill(&mut self, descendants: &[Descendant]) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        for descendant in descendants {
            descendant.kill();
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let descendants = self.descendants();
        self.kill(&descendants);
        let _ = self.watch.kill();
        let _ = self.watch.wait();
    }
}

fn collect(stream: impl Read + Send + 'static, sender: mpsc::Sender<String>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            line.clear();
            // Should nobody listen any more: read on, so that the child is not held up.
            let _ = sender.send(text);
        }
    });
}

/// A process found in `/proc`, told apart from a later one with the same pid
/// by its start time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Descendant {
    pid: i32,
    started: u64,
}

impl Descendant {
    fn kill(self) {
        let same = stat(self.pid).is_some_and(|now| now.started == self.started);
        if same && let Some(pid) = Pid::from_raw(self.pid) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}

struct Stat {
    parent: i32,
    started: u64,
}

/// Reads `/proc/PID/stat`, whose second field (the name, in brackets) may
/// itself hold blanks and brackets.
fn stat(pid: i32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(") ")?.1.split(' ').collect();
    Some(Stat { parent: fields.get(1)?.parse().ok()?, started: fields.get(19)?.parse().ok()? })
}

fn descendants(root: u32) -> Vec<Descendant> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let mut children: HashMap<i32, Vec<Descendant>> = HashMap::new();
    for entry in entries.flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        if let Some(stat) = stat(pid) {
            let started = stat.started;
            let child = Descendant { pid, started };
            children.entry(stat.parent).or_default().push(child);
        }
    }
    let mut found = Vec::new();
    let mut parents = vec![root.cast_signed()];
    while let Some(parent) = parents.pop() {
        for child in children.remove(&parent).unwrap_or_default() {
            parents.push(child.pid);
            found.push(child);
        }
    }
    found
}
