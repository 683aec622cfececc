//! An organ's own looks: a coat of arms and one accent colour.

use std::fs;

use crate::browse;
use crate::browser::{self, Browser};
use crate::stage::{self, seal};
use crate::support::service::{ORGAN, Policies, Service};

const COAT_OF_ARMS: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 72" onload="alert(1)">
<script>alert(2)</script>
<path d="M4 4h52v30c0 18-12 28-26 34C16 62 4 52 4 34Z" style="fill:#f2c230;stroke:#3b2a00;stroke-width:3"/>
<g fill="#b3141b"><path d="M13 6h6v52l-6-6Z"/><path d="M27 6h6v59l-6 0Z"/><path d="M41 6h6v46l-6 6Z"/></g>
</svg>"##;

#[test]
fn an_organ_shows_its_coat_of_arms_and_its_colour_and_nothing_else_of_the_drawing() {
    if !browser::present() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let examples = crate::support::root().join("certs-example");
    let organ =
        fs::read_to_string(examples.join(format!("organs/{ORGAN}.toml"))).expect("an organ");
    let seals = examples.join("seals");
    let organ = organ
        .replace("../seals", &seals.display().to_string())
        .replace(
            "\n[seal]",
            "\naccent = \"#8c1c2b\"\ncoat_of_arms = \"escut.svg\"\n\n[seal]",
        );
    fs::write(folder.path().join("organ.toml"), organ).expect("it is written");
    fs::write(folder.path().join("escut.svg"), COAT_OF_ARMS).expect("it is written");
    let organs = folder.path().display().to_string();
    let mut settings = vec![("SEGELL__ORGANS__FOLDER", organs.as_str())];
    settings.extend(stage::PATIENT);
    let service = Service::start_with(Policies::Default, &settings);
    let copy = seal(&service, "Acta");

    let browser = Browser::start(1280);
    browser.go(&format!("{}{}?lang=ca", service.address(), copy.path()));
    browser.wait_until("document.querySelector('.issuer img')?.naturalWidth > 0");
    let ground = browser
        .script("return getComputedStyle(document.querySelector('.action')).backgroundColor");
    assert_eq!(ground, "rgb(140, 28, 43)");
    let violations = browser.violations();
    assert!(violations.is_empty(), "{}", violations.join("\n"));
    browser.picture("found-with-looks");
    browser.resize(320);
    browser.picture("found-with-looks-phone");

    let address = format!("{}/organs/{ORGAN}/coat-of-arms.svg", service.address());
    let (drawing, svg) = browse(&address, &[]);
    assert_eq!(drawing.header("Content-Type"), "image/svg+xml");
    assert!(
        drawing
            .header("Content-Security-Policy")
            .starts_with("default-src 'none'")
    );
    assert!(svg.contains("#f2c230") && svg.contains("#b3141b"), "{svg}");
    assert!(!svg.contains("alert") && !svg.contains("onload"), "{svg}");
    let other = format!("{}/organs/L01990027/coat-of-arms.svg", service.address());
    assert_eq!(browse(&other, &[]).0.status, 404);
}

#[test]
fn a_service_says_who_runs_it_and_uses_its_own_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = "about-title = Comprovar còpies a Vallserena\n";
    fs::write(folder.path().join("ca.ftl"), own).expect("it is written");
    let texts = folder.path().display().to_string();
    let settings = [
        ("SEGELL__PUBLIC__TEXTS", texts.as_str()),
        ("SEGELL__PUBLIC__OPERATOR", "la Diputació de Prova"),
        ("SEGELL__PUBLIC__CONTACT", "l’Oficina (tel. 900 000 000)"),
    ];
    let service = Service::start_with(Policies::Default, &settings);
    let (_, about) = browse(&format!("{}/que-es?lang=ca", service.address()), &[]);
    for said in [
        "<h1>Comprovar còpies a Vallserena</h1>",
        "un servei de la Diputació de Prova",
        "adreceu-vos a l’Oficina (tel. 900 000 000)",
    ] {
        assert!(about.contains(said), "{said}: {about}");
    }
    let spanish = [("Accept-Language", "es-ES,es;q=0.9")];
    let (_, about) = browse(&format!("{}/que-es", service.address()), &spanish);
    assert!(about.contains("<h1>¿Qué es esto?</h1>"), "{about}");
}
