use super::*;

fn legend(title: &str, host: &str, test: bool) -> Legend {
    let code = "K7Q2-9FHM-3XTD-W8RA-5CZN-J4PE";
    Legend {
        title: title.to_owned(),
        code_label: "Codi segur de verificació (CSV): ".to_owned(),
        code: code.to_owned(),
        check: format!("Comproveu-la a https://{host} amb aquest codi, o llegint el QR."),
        issued: "Expedida el 21/11/2026 · Article 27 de la Llei 39/2015 · ".to_owned(),
        page: "Pàgina {n} de {m}".to_owned(),
        compact: format!("Còpia autèntica · CSV {code} · {host} · Pàg. {{n}}/{{m}}"),
        test_mark: test.then(|| "PROVA · SENSE VALIDESA".to_owned()),
        qr_rest: String::new(),
        language: "ca",
    }
}

/// Nothing leaves the band, and nothing meets the QR or its quiet zone.
fn assert_tidy(layout: &Layout, setter: &Setter<'_>, width: f64, form: Form) {
    let [left, bottom, side] = layout.qr;
    let top = layout.height - 0.6;
    assert!(
        left >= 0.0 && bottom >= 2.0 && bottom + side < top,
        "{form:?} {width}"
    );
    let mut runs: Vec<&Run> = layout.runs.iter().collect();
    runs.push(&layout.page);
    runs.extend(layout.mark.as_ref().map(|mark| &mark.run));
    for run in runs {
        let text = run.text.replace("{n}", "8888").replace("{m}", "8888");
        let end = run.x + setter.typeface.width(run.style, &text).unwrap() * run.size;
        assert!(
            end <= width - 0.99 * layout.margin,
            "{form:?} {width}: {text}"
        );
        assert!(
            run.y >= 9.0 && run.y + 0.72 * run.size < top,
            "{form:?} {width}: {text}"
        );
        let beside = run.x >= left + side;
        let below = run.y + 0.72 * run.size <= bottom + 1.0;
        assert!(beside || below, "{form:?} {width}: {text}");
        assert!(run.size >= 8.0);
    }
}

#[test]
fn nothing_leaves_the_band_and_nothing_meets_the_qr() {
    let long = "Còpia electrònica autèntica · Organisme Autònom de Gestió dels Municipis ";
    for (title, host, modules, test) in [
        (
            "Còpia · Ajuntament (NIF P1)",
            "verifica.exemple.cat",
            37,
            false,
        ),
        (
            "Còpia · Ajuntament (NIF P1)",
            "verifica.exemple.cat",
            37,
            true,
        ),
        (&long.repeat(3), "a.cat", 33, false),
        (
            &long.repeat(6),
            "seu.verificacio.documents.municipis.exemple.cat",
            53,
            true,
        ),
    ] {
        let legend = legend(title, host, test);
        let text = [
            &legend.title,
            &legend.code_label,
            &legend.check,
            &legend.compact,
        ]
        .map(String::as_str)
        .concat();
        let text = text + &legend.issued + &legend.page + "PROVA · SENSE VALIDESA";
        let setter = Setter {
            legend: &legend,
            typeface: &Typeface::covering(&text).unwrap(),
            modules,
            pages: 9999,
        };
        for form in [Form::Full, Form::Beside, Form::Below] {
            let narrowest = setter.narrowest(form).unwrap();
            for step in 0..200 {
                let width = narrowest + f64::from(step) * 5.0;
                let layout = setter.set(form, width).unwrap();
                assert_tidy(&layout, &setter, width, form);
            }
        }
    }
}

#[test]
fn four_lines_on_a4_take_twenty_two_millimetres() {
    let legend = legend("Còpia · Ajuntament (NIF P1)", "verifica.exemple.cat", false);
    let text = format!("{legend:?}");
    let setter = Setter {
        legend: &legend,
        typeface: &Typeface::covering(&text).unwrap(),
        modules: 37,
        pages: 3,
    };
    let layout = setter.set(Form::Full, 595.276).unwrap();
    assert!((layout.height - BAND_HEIGHT).abs() < 1e-9);
    let baselines: std::collections::BTreeSet<i64> =
        layout.runs.iter().map(|run| run.y.round() as i64).collect();
    assert_eq!(baselines.len(), 4);
}
