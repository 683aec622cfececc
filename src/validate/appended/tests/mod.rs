//! Files are made here in the shape of our copies, and everything is appended to them: what may be, what
//! may not, and what was published as an attack.

mod accepted;
mod additions;
mod attacks;
mod base_facts;
mod copy;
mod corpus;
mod extension;
mod limits;
mod mutations;
mod rules_of_content;
mod rules_of_structure;
mod section;
mod spelling;
mod validation_data;
