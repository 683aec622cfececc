//! `segell organs`: the organ files, hundreds at once.

pub mod import;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::arguments::Format;

const IMPORT_AFTER: &str = "\
FILE.tsv is tab-separated text with a header line that names its columns:
  dir3 ine10 nif environment cession name_ca name_es name_oc-aranes name_en place language
  verification_address agreement data_processor_contract contact

Rows are told apart by dir3 and environment (pre or pro). A column that is not there, and an
empty cell, leave what an organ's file says. A new organ needs nif, cession (own, centralised or
ceded), name_ca, place and verification_address too. Comments in the files stay. No organ is ever
removed, and no seal touched.

Examples:
  segell organs import organs.tsv              the difference, and nothing else
  segell organs import organs.tsv --apply";

/// What to do with organ files.
#[derive(Debug, Subcommand)]
pub enum OrgansCommand {
    /// Compare the organ files with a list, and with --apply make them say the same
    #[command(after_help = IMPORT_AFTER)]
    Import(ImportArguments),
}

/// `segell organs import`.
#[derive(Args, Debug)]
pub struct ImportArguments {
    /// The list: tab-separated, with a header line
    #[arg(value_name = "FILE.tsv")]
    pub list: PathBuf,
    /// Write the organ files; without it the difference is shown and nothing is written
    #[arg(long)]
    pub apply: bool,
    /// How to answer.
    #[command(flatten)]
    pub format: Format,
}
