//! Prints a shelf label as ZPL for the Zebra printer under the counter.
//! Build: rustc -O labels/label.rs -o label    Use: ./label 417 "Tile cutter 600 mm"

use std::env;
use std::process::ExitCode;

/// Check digit over the item number, so that a mistyped number is noticed at
/// the counter. Luhn, the same as on a bank card.
fn luhn(number: u32) -> u32 {
    let sum: u32 = number
        .to_string()
        .bytes()
        .rev()
        .map(|b| u32::from(b - b'0'))
        .enumerate()
        .map(|(i, d)| if i % 2 == 0 { let x = d * 2; if x > 9 { x - 9 } else { x } } else { d })
        .sum();
    (10 - sum % 10) % 10
}

/// Break the name into lines of at most `width` characters, at spaces.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

fn zpl(number: u32, name: &str) -> String {
    let mut out = String::from("^XA^CI28");
    for (i, line) in wrap(name, 18).iter().take(3).enumerate() {
        out.push_str(&format!("^FO20,{}^A0N,32,32^FD{}^FS", 20 + i * 36, line));
    }
    out.push_str(&format!("^FO20,140^BCN,60,Y,N,N^FD{}{}^FS^XZ", number, luhn(number)));
    out
}

fn main() -> ExitCode {
    let args: Vec<String> = env::args().collect();
    let number = args.get(1).and_then(|n| n.parse::<u32>().ok());
    match (number, args.get(2)) {
        (Some(number), Some(name)) => {
            println!("{}", zpl(number, name));
            ExitCode::SUCCESS
        }
        _ => {
            eprintln!("usage: label NUMBER NAME");
            ExitCode::from(2)
        }
    }
}
