//! What the lane `recorded` holds, change by change, as lines of JSON in a file: test/prove judges clients by it. Off unless asked for.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    sync::OnceLock,
};

static RECORD: OnceLock<File> = OnceLock::new();

pub enum Change<'a> {
    Hold { key: &'a str, value: &'a str },
    Drop { key: &'a str },
    Clear,
}

/// Appends to the file from now on, beginning with a line that says that nothing is held.
pub fn open(path: &str) -> io::Result<()> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    let _ = RECORD.set(file);
    // The process before this one may have died amid a line.
    append(&format!("\n{{\"t\":{},\"by\":\"host\",\"e\":\"up\"}}\n", now_ms()));
    Ok(())
}

pub fn record(change: Change) {
    if RECORD.get().is_none() {
        return;
    }
    let what = match change {
        Change::Hold { key, value } => format!("\"hold\",\"key\":{},\"v\":{}", quoted(key), quoted(value)),
        Change::Drop { key } => format!("\"drop\",\"key\":{}", quoted(key)),
        Change::Clear => "\"clear\"".to_string(),
    };
    append(&format!("{{\"t\":{},\"by\":\"host\",\"e\":{}}}\n", now_ms(), what));
}

/// In one call, so that a process that is killed has written the line or has not.
fn append(line: &str) {
    if let Some(mut file) = RECORD.get() {
        file.write_all(line.as_bytes()).expect("the record can be written");
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}

extern "C" {
    fn clock_gettime(clock: i32, into: *mut Timespec) -> i32;
}

/// Milliseconds of the clock that Node's `process.hrtime` reads as well: Linux's CLOCK_MONOTONIC, on 64-bit machines.
fn now_ms() -> f64 {
    const CLOCK_MONOTONIC: i32 = 1;
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    // SAFETY: the structure is the one that 64-bit Linux fills in, and lives until the call returns.
    unsafe { clock_gettime(CLOCK_MONOTONIC, &mut time) };
    time.seconds as f64 * 1e3 + time.nanoseconds as f64 / 1e6
}
