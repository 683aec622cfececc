//! Every kind of problem is named, explained and addressed.

use super::*;

#[test]
fn every_problem_has_its_own_kebab_case_word_and_an_error_status() {
    let mut seen = std::collections::BTreeSet::new();
    for code in ProblemCode::ALL {
        let entry = code.entry();
        assert!(seen.insert(entry.code), "{} twice", entry.code);
        assert!(
            entry
                .code
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
            "{}",
            entry.code
        );
        assert!((400..600).contains(&entry.status), "{}", entry.code);
        assert_eq!(ProblemCode::from_word(entry.code), Some(*code));
    }
}

#[test]
fn every_problem_says_what_to_do_in_whole_sentences() {
    for code in ProblemCode::ALL {
        let entry = code.entry();
        assert!(entry.advice.ends_with('.'), "{}", entry.code);
        assert!(!entry.advice.contains("  "), "{}", entry.code);
        assert!(!entry.title.ends_with('.'), "{}", entry.code);
    }
}

#[test]
fn what_may_succeed_later_is_the_fault_of_nobodys_request() {
    for code in ProblemCode::ALL {
        let entry = code.entry();
        if entry.status >= 500 {
            assert_ne!(entry.who, Who::Integrator, "{}", entry.code);
        }
    }
}
