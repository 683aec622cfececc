//! What copies above level B-B are made with: the authorities, as sealing and its door know them.

use std::sync::Arc;

use tokio::runtime::Handle;

use crate::authorities::{Revocation, TimestampAuthorities, TimestampOutage};
use crate::cades::{Imprint, TimestampToken};
use crate::cli::inventory::Trouble;
use crate::http::{ChainKeeper, TimestampSource};
use crate::model::policy::OnLowerLevel;
use crate::seal::{LevelMeans, NoTimestamp, Seat};
use crate::settings::Settings;

/// What the settings give to sealing.
pub(crate) fn means(
    settings: &Settings,
    timestamps: &TimestampAuthorities,
    revocation: &Revocation,
) -> LevelMeans {
    let has_sources = !settings.revocation.sources.is_empty();
    LevelMeans {
        token_bytes: (!timestamps.is_empty()).then(|| settings.timestamp.token_bytes.bytes()),
        revocation: has_sources.then(|| Arc::new(revocation.clone()) as _),
    }
}

/// The organs whose level is never reached with these means.
pub(crate) fn out_of_reach(means: &LevelMeans, seats: &[Seat]) -> Vec<Trouble> {
    let highest = means.highest();
    let organs = seats.iter().map(|seat| &seat.organ);
    organs
        .filter(|organ| organ.policy.level > highest)
        .map(|organ| {
            let outcome = match organ.policy.on_lower_level {
                OnLowerLevel::Fail => "none of its copies can be made",
                OnLowerLevel::Accept => "its copies are made at that",
            };
            Trouble {
                code: "level-out-of-reach",
                cause: format!(
                    "the organ {} wants copies at level {}, and {highest} is the highest here: {outcome}",
                    organ.dir3, organ.policy.level
                ),
                next_step: "set timestamp.authorities and, above B-T, revocation.sources".to_owned(),
            }
        })
        .collect()
}

/// The authorities as the door asks them.
pub(crate) fn source(authorities: TimestampAuthorities) -> TimestampSource {
    Arc::new(move |imprint| {
        let authorities = authorities.clone();
        Box::pin(async move { stamp(&authorities, &imprint).await })
    })
}

/// The keeper of revocation data as the door tells it of chains.
pub(crate) fn chain_keeper(revocation: Revocation) -> ChainKeeper {
    Arc::new(move |chains| {
        for chain in &chains {
            revocation.keep(chain);
        }
        let revocation = revocation.clone();
        Box::pin(async move { revocation.first_round().await })
    })
}

async fn stamp(
    authorities: &TimestampAuthorities,
    imprint: &Imprint,
) -> Result<TimestampToken, NoTimestamp> {
    if authorities.is_empty() {
        return Err(NoTimestamp::NotConfigured);
    }
    authorities
        .timestamp(imprint)
        .await
        .map_err(|outage: TimestampOutage| NoTimestamp::Outage {
            retry_after: outage.retry_after(),
            cause: outage.to_string(),
        })
}

/// Time-stamp authorities that are waited for.
pub(crate) struct AwaitedAuthority {
    /// Drives what goes out to them.
    pub(crate) runtime: Handle,
    /// Those who stamp.
    pub(crate) timestamps: TimestampAuthorities,
    /// Who is told of their chains.
    pub(crate) revocation: Revocation,
}

impl AwaitedAuthority {
    /// A timestamp, waited for, and what is known of the authority that gave it.
    pub(crate) fn timestamp(&self, imprint: &Imprint) -> Result<TimestampToken, NoTimestamp> {
        self.runtime.block_on(async {
            let token = stamp(&self.timestamps, imprint).await?;
            self.revocation.first_round().await;
            Ok(token)
        })
    }
}
