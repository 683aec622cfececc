//! How values are spelt.

use super::super::scanner::Scanner;

fn string_at(text: &[u8]) -> Result<usize, u64> {
    let mut scanner = Scanner::new(text, 100);
    match scanner.read_value() {
        Ok(value) => Ok(value.string_bytes().unwrap().len()),
        Err(violation) => Err(violation.offset),
    }
}

#[test]
fn a_hexadecimal_string_is_read_alike_in_blocks_and_digit_by_digit() {
    for bytes in [0, 1, 15, 16, 17, 33, 400] {
        let digits = "aF09".repeat(bytes).split_off(2 * bytes);
        let spelt = |inside: &str| format!("<{inside}>").into_bytes();
        assert_eq!(string_at(&spelt(&digits)), Ok(bytes), "{bytes}");
        assert_eq!(string_at(&spelt(&format!("{digits} \n"))), Ok(bytes));
        assert_eq!(string_at(&spelt(&format!("{digits}0"))), Err(100));
        let at = 101 + digits.len() as u64;
        for wrong in ["/", "g", "`", "@", ":", "G", "\0", "(", "\u{80}"] {
            assert_eq!(string_at(&spelt(&format!("{digits}{wrong}00"))), Err(at));
        }
        assert_eq!(string_at(format!("<{digits}").as_bytes()), Err(at));
    }
}
