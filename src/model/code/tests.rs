use proptest::prelude::*;

use super::*;

/// A code whose checks were computed by another program from the bits 0, 1, 2, … 31 (one byte each).
const KNOWN: &str = "000G-40R4-0M30-E209-185G-R72Y";

/// Legends as printed, `{}` standing for the code.
const LEGENDS: [&str; 5] = [
    "Còpia electrònica autèntica · Ajuntament de Vila-real (NIF P9900150B)\n\
     Codi segur de verificació (CSV): {}\n\
     Comproveu-la a https://verifica.exemple.cat amb aquest codi, o llegint el QR, i compareu els dos documents.\n\
     Expedida el 21/11/2026 · Article 27 de la Llei 39/2015 · Pàgina 1 de 300",
    "Copia electrónica auténtica de documento en papel · Diputación de Ejemplo (NIF P9900150B)\n\
     Código seguro de verificación (CSV): {}\n\
     Compruébela en https://verifica.exemple.cat con este código, o leyendo el QR, y compare los dos documentos.\n\
     Expedida el 21/11/2026 · Artículo 27 de la Ley 39/2015 · Página 1 de 300",
    "Còpia electronica parciau autentica · Ajuntament de Vielha (NIF P9900150B)\n\
     Còdi segur de verificacion (CSV): {}\n\
     Comprovatz-la en https://verifica.exemple.cat damb aguest còdi, o en tot liéger eth QR, e comparatz es dus documents.\n\
     Expedida eth 21/11/2026 · Article 27 dera Lei 39/2015 · Pagina 1 de 300",
    "Authentic electronic copy · Town Hall (tax no. P9900150B)\n\
     Secure verification code (CSV): {}\n\
     Check it at https://verifica.exemple.cat with this code, or scan the QR, and compare the two documents.\n\
     Issued on 21/11/2026 · Art. 27, Spanish Act 39/2015 · Page 1 of 300",
    "Còpia autèntica · CSV {} · verifica.exemple.cat · Pàg. 1/300",
];

fn bits(seed: u64) -> [u8; 32] {
    *crate::model::Sha256Digest::of(&seed.to_be_bytes()).as_bytes()
}

fn code(seed: u64) -> Code {
    Code::from_bits(&bits(seed)).expect("one in a million begins with PR0V")
}

/// `code` with the symbol at `index` changed by adding `error`, which is not zero.
fn with_error(code: &Code, index: usize, error: u8) -> [Symbol; LENGTH] {
    let mut symbols = code.0;
    symbols[index] = symbols[index] + Symbol::of_low_bits(error);
    symbols
}

#[test]
fn the_layout_of_the_bits_and_the_checks_never_change() {
    let bits = std::array::from_fn(|index| u8::try_from(index).unwrap());
    assert_eq!(Code::from_bits(&bits).unwrap().grouped(), KNOWN);
}

#[test]
fn every_single_wrong_symbol_of_a_thousand_codes_is_located() {
    for seed in 0..1_000 {
        let code = code(seed);
        for index in 0..LENGTH {
            for error in 1..32 {
                let verdict = examine(&with_error(&code, index, error));
                assert!(verdict == Verdict::OneWrong { index });
            }
        }
    }
}

#[test]
fn no_two_wrong_symbols_are_accepted_or_taken_for_one() {
    // Whether two errors are noticed depends on the errors, not on the code, for the code is linear.
    let code = code(7);
    for first in 0..LENGTH {
        for second in first + 1..LENGTH {
            for error in 1..32 {
                let mut symbols = with_error(&code, first, error);
                for _ in 1..32 {
                    symbols[second] = next_element(symbols[second]);
                    if symbols[second] != code.0[second] {
                        assert!(examine(&symbols) == Verdict::SeveralWrong);
                    }
                }
            }
        }
    }
}

/// Walks through all 32 elements.
fn next_element(symbol: Symbol) -> Symbol {
    if symbol == Symbol::ZERO {
        Symbol::ONE
    } else if symbol * Symbol::ALPHA == Symbol::ONE {
        Symbol::ZERO
    } else {
        symbol * Symbol::ALPHA
    }
}

#[test]
fn no_swap_of_two_symbols_is_accepted() {
    for seed in 0..1_000 {
        let code = code(seed);
        for first in 0..LENGTH {
            for second in first + 1..LENGTH {
                let mut symbols = code.0;
                symbols.swap(first, second);
                assert!(symbols == code.0 || examine(&symbols) == Verdict::SeveralWrong);
            }
        }
    }
}

#[test]
fn a_code_of_the_test_environment_begins_with_pr0v_and_a_real_one_never_does() {
    let test = Code::for_test(&bits(1));
    assert_eq!(test.environment(), Environment::Pre);
    assert!(test.grouped().starts_with("PR0V-"));
    assert_eq!(Code::read(&test.grouped()).as_ref(), Ok(&test));
    assert_eq!(code(1).environment(), Environment::Pro);

    // P R 0 V as five bits each: 10110 11000 00000 11011.
    let mut bits = bits(1);
    bits[..3].copy_from_slice(&[0b1011_0110, 0b0000_0001, 0b1011_0000]);
    assert_eq!(Code::from_bits(&bits), None);
}

#[test]
fn debug_shows_the_first_group_only() {
    let code = code(3);
    let shown = format!("{code:?}");
    assert_eq!(shown, format!("Code({}-…)", &code.compact()[..4]));
}

#[test]
fn a_mistyped_code_is_answered_with_the_place_of_the_wrong_symbol() {
    let code = code(4);
    let wrong = Code(with_error(&code, 13, 9));
    for text in [
        wrong.grouped(),
        wrong.compact(),
        wrong.grouped().replace('-', " "),
        format!("https://verifica.exemple.cat/{}", wrong.compact()),
        LEGENDS[1].replace("{}", &wrong.grouped()),
        format!("codi {}", wrong.grouped().replace('-', " ")),
    ] {
        let place = Some(Place {
            group: 4,
            symbol: 2,
        });
        assert_eq!(
            Code::read(&text),
            Err(CodeError::Mistyped { place }),
            "{text}"
        );
    }
    assert_eq!(
        CodeError::Mistyped {
            place: Place::of_index(13)
        }
        .to_string(),
        "the code is mistyped: symbol 2 of group 4"
    );
}

#[test]
fn two_wrong_symbols_are_mistyped_somewhere() {
    let mut symbols = with_error(&code(5), 3, 1);
    symbols.swap(10, 12);
    assert_eq!(
        Code::read(&Code(symbols).grouped()),
        Err(CodeError::Mistyped { place: None })
    );
}

#[test]
fn a_letter_that_no_code_contains_is_named_with_its_group() {
    let mut text = code(6).grouped();
    text.replace_range(5..6, "u");
    assert_eq!(
        Code::read(&text),
        Err(CodeError::InvalidSymbol {
            symbol: 'u',
            place: Place {
                group: 2,
                symbol: 1
            }
        })
    );
}

#[test]
fn a_symbol_too_few_or_too_many_is_counted() {
    let code = code(8).grouped();
    let short = &code[..code.len() - 1];
    let long = format!("{code}7");
    for (text, found) in [
        (short.to_owned(), 23),
        (short.replace('-', ""), 23),
        (long.clone(), 25),
        (long.replace('-', " "), 25),
        (code[..24].to_owned(), 20),
        (LEGENDS[0].replace("{}", short), 23),
        (
            format!(
                "https://verifica.exemple.cat/{}?l=ca",
                short.replace('-', "")
            ),
            23,
        ),
        ("K7Q2".to_owned(), 4),
    ] {
        assert_eq!(
            Code::read(&text),
            Err(CodeError::WrongLength { found }),
            "{text}"
        );
    }
}

#[test]
fn texts_without_a_code_say_so() {
    for text in ["", "  \n", "----", "\u{200B}\u{FEFF}", "«»"] {
        assert_eq!(Code::read(text), Err(CodeError::Empty), "{text}");
    }
    for legend in LEGENDS {
        let text = legend.replace("{}", "");
        assert_eq!(Code::read(&text), Err(CodeError::NoCode), "{text}");
    }
}

#[test]
fn two_codes_in_one_text_are_not_chosen_between() {
    let text = format!("{}\n{}", code(1).grouped(), code(2).grouped());
    assert_eq!(Code::read(&text), Err(CodeError::Several));
    let twice = format!(
        "{}\nhttps://exemple.cat/{}",
        code(1).grouped(),
        code(1).compact()
    );
    assert_eq!(Code::read(&twice), Ok(code(1)));
}

#[test]
fn a_huge_text_is_read_in_bounded_time() {
    let text = "K7Q2-".repeat(1_000_000);
    assert!(Code::read(&text).is_err());
}

/// Every way in which a code reaches us.
fn variants(code: &Code) -> Vec<String> {
    let grouped = code.grouped();
    let compact = code.compact();
    let mut texts = vec![
        grouped.clone(),
        compact.clone(),
        grouped.to_lowercase(),
        compact.to_lowercase(),
        format!("  {grouped}\r\n"),
        format!("«{grouped}»."),
        format!("CSV:{compact}"),
        format!("codi {}", grouped.replace('-', " ")),
        grouped.replace('0', "O").replace('1', "I"),
        grouped.replace('0', "o").replace('1', "l"),
        compact.replace('1', "L"),
        compact.chars().flat_map(|letter| [letter, ' ']).collect(),
        compact
            .as_bytes()
            .chunks(6)
            .map(|part| String::from_utf8_lossy(part))
            .collect::<Vec<_>>()
            .join(" "),
        compact
            .as_bytes()
            .chunks(8)
            .map(|part| String::from_utf8_lossy(part))
            .collect::<Vec<_>>()
            .join("\n"),
        compact
            .chars()
            .flat_map(|letter| ['\u{200B}', letter])
            .collect(),
        compact
            .chars()
            .filter_map(|letter| char::from_u32(u32::from(letter) + 0xFEE0))
            .collect(),
        format!("https://verifica.exemple.cat/{compact}"),
        format!("HTTPS://VERIFICA.EXEMPLE.CAT/{compact}"),
        format!("https://verifica.exemple.cat:8443/{grouped}/document?version=1#p"),
        format!(
            "Mireu https://verifica.exemple.cat/{}?lang=ca gràcies",
            compact.to_lowercase()
        ),
        format!("verifica.exemple.cat/{compact}"),
    ];
    for separator in [
        " ",
        "  ",
        ".",
        " - ",
        "\u{2010}",
        "\u{2011}",
        "\u{2012}",
        "\u{2013}",
        "\u{2014}",
        "\u{2015}",
        "\u{2212}",
        "\u{00AD}",
        "\u{00A0}",
        "\u{202F}",
        "\u{2007}",
        "\u{FE63}",
        "\u{FF0D}",
        "-\n",
        "\n",
        "\t",
        "_",
        "·",
        "-\u{200B}",
    ] {
        texts.push(grouped.replace('-', separator));
    }
    for legend in LEGENDS {
        texts.push(legend.replace("{}", &grouped));
        texts.push(legend.replace("{}", &grouped).replace(' ', "\n"));
        texts.push(legend.replace("{}", &grouped).to_lowercase());
        texts.push(
            legend
                .replace("{}", &grouped.replace('-', "\u{00AD}"))
                .replace(' ', "\u{00A0}"),
        );
        texts.push(format!(
            "{}\n{compact}",
            legend.replace("{}", &grouped.replacen('-', "-\n", 2))
        ));
        texts.push(format!(
            "… del ple. {}\n\n{}",
            legend.replace("{}", &grouped),
            legend.replace("{}", &grouped)
        ));
    }
    texts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_variant_of_writing_a_code_is_understood(bits: [u8; 32], test: bool) {
        let code = if test { Code::for_test(&bits) } else { Code::from_bits(&bits).unwrap() };
        for text in variants(&code) {
            let read = Code::read(&text);
            prop_assert_eq!(read.as_ref(), Ok(&code), "{}", text);
        }
    }

    #[test]
    fn any_text_is_read_without_a_panic_and_what_is_read_prints_back(text in "\\PC{0,200}") {
        if let Ok(code) = Code::read(&text) {
            prop_assert_eq!(Code::read(&code.compact()), Ok(code));
        }
    }

    #[test]
    fn a_code_hidden_in_words_is_found(bits: [u8; 32], before in "([a-z]{1,9} ){0,9}", after in "( [a-z]{1,9}){0,9}") {
        let code = Code::from_bits(&bits).unwrap();
        let text = format!("{before}{}{after}", code.grouped());
        prop_assert_eq!(Code::read(&text), Ok(code));
    }
}
