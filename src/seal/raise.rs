//! Raising a copy above level B-B, one step at a time: signature timestamp (B-T), validation data (B-LT),
//! document timestamp (B-LTA) (EN 319 142-1, 6). What cannot be had lowers the copy only as far as organ
//! and request accept.

use jiff::Timestamp;

use super::issue::Draft;
use super::stages::{Copy, Job, Pending, Signed, Step, Wanting};
use super::{NoTimestamp, SealError};
use crate::cades::{Imprint, TimestampToken};
use crate::model::algorithm::DigestAlgorithm;
use crate::model::{Deadline, SignatureLevel};
use crate::pdf::extension::{CopyBase, PreparedTimestamp, StoreContent};
use crate::pki::revocation::{NotCurrent, RevocationData};

impl Pending {
    /// Goes on with the timestamp, or without one if none was to be had. `deadline` is that of this stage.
    ///
    /// # Errors
    /// Every refusal of [`SealError`]; after one, nothing answers to any code.
    pub fn go_on(
        self,
        token: Result<TimestampToken, NoTimestamp>,
        now: Timestamp,
        deadline: &Deadline,
    ) -> Result<Step, SealError> {
        let Self {
            mut draft,
            job,
            wanting,
        } = self;
        draft.deadline = deadline.clone();
        let token = token.and_then(|token| draft.fitting(token));
        match wanting {
            Wanting::Signature(signed) => draft.timestamped(job, signed, token, now),
            Wanting::Document(copy, prepared) => draft.archived(job, copy, prepared, token, now),
        }
    }
}

impl Draft {
    /// B-T, and on.
    fn timestamped(
        self,
        job: Job,
        signed: Signed,
        token: Result<TimestampToken, NoTimestamp>,
        now: Timestamp,
    ) -> Result<Step, SealError> {
        match token {
            Ok(token) => {
                let copy = self.close(signed, Some(&token))?;
                match job.aim {
                    SignatureLevel::BB | SignatureLevel::BT => self.store(job, copy, now),
                    SignatureLevel::BLt | SignatureLevel::BLta => {
                        self.with_data(job, copy, &token, now)
                    }
                }
            }
            Err(cause) => {
                let why = SealError::NoTimestamp(cause);
                let basic = |draft: &Self| draft.close(signed, None);
                self.lower(job, SignatureLevel::BB, why, basic, now)
            }
        }
    }

    /// B-LT: every certificate, OCSP response and revocation list of the seal and of the authority that
    /// stamped it, in one further revision.
    fn with_data(
        self,
        job: Job,
        mut copy: Copy,
        token: &TimestampToken,
        now: Timestamp,
    ) -> Result<Step, SealError> {
        let content = match self.validation_data(token, now) {
            Ok(content) => content,
            // There is no level at which this would do.
            Err(why @ SealError::SealRevoked(_)) => return Err(why),
            Err(why) => return self.lower(job, SignatureLevel::BT, why, |_| Ok(copy), now),
        };
        let base = self.end_of(&copy)?;
        copy.appended.extend(base.add_data(&content)?);
        if job.aim < SignatureLevel::BLta {
            return self.store(job, copy, now);
        }
        let base = self.end_of(&copy)?;
        let room = self.parts.levels.token_bytes.unwrap_or_default();
        let prepared = base.prepare_timestamp(&copy.hash(), room)?;
        let imprint = Imprint {
            algorithm: DigestAlgorithm::Sha256,
            value: prepared.digest().as_bytes().to_vec(),
        };
        let pending = Pending {
            draft: self,
            job,
            wanting: Wanting::Document(copy, prepared),
        };
        Ok(Step::Wanted(imprint, Box::new(pending)))
    }

    /// B-LTA.
    fn archived(
        self,
        job: Job,
        mut copy: Copy,
        prepared: PreparedTimestamp,
        token: Result<TimestampToken, NoTimestamp>,
        now: Timestamp,
    ) -> Result<Step, SealError> {
        match token {
            Ok(token) => {
                copy.appended.push(prepared.embed(&token.der)?);
                self.store(job, copy, now)
            }
            Err(cause) => {
                let why = SealError::NoTimestamp(cause);
                self.lower(job, SignatureLevel::BLt, why, |_| Ok(copy), now)
            }
        }
    }

    /// The token, if this copy can take it.
    fn fitting(&self, token: TimestampToken) -> Result<TimestampToken, NoTimestamp> {
        let room = self.parts.levels.token_bytes.unwrap_or_default();
        let valid_till = self.seal().map(|seal| seal.key.facts().not_after);
        match token.der.len() {
            len if len > room => Err(NoTimestamp::TooLong { len, room }),
            _ if !token.is_der() => Err(NoTimestamp::NotDer),
            _ if valid_till.is_ok_and(|end| token.time > end) => {
                Err(NoTimestamp::OutsideValidity(token.time))
            }
            _ => Ok(token),
        }
    }

    /// What proves that seal and authority were good.
    fn validation_data(
        &self,
        token: &TimestampToken,
        now: Timestamp,
    ) -> Result<StoreContent, SealError> {
        let of_seal = match self.seal_is_current(now) {
            Err(revoked @ NotCurrent::Revoked { .. }) => {
                return Err(SealError::SealRevoked(revoked));
            }
            other => other.map_err(SealError::NoRevocationData)?,
        };
        let of_authority = self.is_current(&token.chain, now);
        let of_authority = of_authority.map_err(SealError::NoRevocationData)?;
        let mut content = StoreContent {
            certificates: self.seal_chain(),
            ..StoreContent::default()
        };
        content.certificates.extend_from_slice(&token.chain);
        for data in [of_seal, of_authority] {
            let RevocationData {
                certificates,
                ocsp_responses,
                crls,
            } = data;
            content.extend(StoreContent {
                certificates,
                ocsp_responses,
                crls,
            });
        }
        Ok(content)
    }

    /// The end of the copy, to be continued.
    fn end_of(&self, copy: &Copy) -> Result<CopyBase, SealError> {
        let parts = copy.parts();
        Ok(CopyBase::read(&parts, &self.parts.limits, &self.deadline)?)
    }

    /// What becomes of a copy that can only reach `level`, less than was aimed at: it is made all the same if
    /// that is accepted, or `why` is the answer.
    fn lower(
        self,
        job: Job,
        level: SignatureLevel,
        why: SealError,
        copy: impl FnOnce(&Self) -> Result<Copy, SealError>,
        now: Timestamp,
    ) -> Result<Step, SealError> {
        if level >= job.floor {
            let copy = copy(&self)?;
            return self.store(job, copy, now);
        }
        // An older intent may want more than this request does: it is left alone.
        if job.kept && level >= self.demand.floor {
            return self.begin(job.intent.generation.saturating_add(1), now);
        }
        Err(why)
    }
}
