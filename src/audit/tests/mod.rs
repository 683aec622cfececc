mod exporting;
mod tampering;
mod writing;

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt};
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

use super::verify::{Sources, Verification, verify};
use super::*;
use crate::archive::Archive;
use crate::pki::Anchors;

/// A disk in memory that can be full, and that knows what a power cut would leave.
#[derive(Default)]
struct Disk {
    segments: Mutex<BTreeMap<u64, Vec<u8>>>,
    safe: Mutex<BTreeMap<u64, Vec<u8>>>,
    full: AtomicBool,
    /// How long a synchronisation takes, in milliseconds, and how many there were.
    slow: AtomicU64,
    syncs: AtomicU64,
}

impl Disk {
    fn text(&self) -> String {
        let segments = self.segments.lock().unwrap();
        String::from_utf8(segments.values().flatten().copied().collect()).unwrap()
    }

    /// What is left after a power cut.
    fn safe_text(&self) -> String {
        let safe = self.safe.lock().unwrap();
        String::from_utf8(safe.values().flatten().copied().collect()).unwrap()
    }
}

impl SegmentFiles for Disk {
    fn segments(&self) -> io::Result<Vec<u64>> {
        Ok(self.segments.lock().unwrap().keys().copied().collect())
    }

    fn read(&self, first: u64) -> io::Result<Vec<u8>> {
        let segments = self.segments.lock().unwrap();
        segments
            .get(&first)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn append(&self, first: u64, offset: u64, lines: &[u8]) -> io::Result<()> {
        let mut segments = self.segments.lock().unwrap();
        let segment = segments.entry(first).or_default();
        segment.truncate(offset as usize);
        if self.full.load(Ordering::Relaxed) {
            // What a full disk takes.
            segment.extend(&lines[..lines.len() / 2]);
            return Err(io::ErrorKind::StorageFull.into());
        }
        segment.extend(lines);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let slow = self.slow.load(Ordering::Relaxed);
        std::thread::sleep(std::time::Duration::from_millis(slow));
        self.syncs.fetch_add(1, Ordering::Relaxed);
        *self.safe.lock().unwrap() = self.segments.lock().unwrap().clone();
        Ok(())
    }

    fn remove(&self, first: u64) -> io::Result<()> {
        self.segments.lock().unwrap().remove(&first);
        Ok(())
    }
}

/// An archive in memory, machines with their disks, and a clock that is set by hand.
struct Rig {
    runtime: Runtime,
    objects: Arc<InMemory>,
    archive: Arc<Archive>,
    disks: BTreeMap<Instance, Arc<Disk>>,
    seconds: Arc<AtomicI64>,
    keys: Arc<AuditKeys>,
    cadence: Cadence,
}

fn keys(byte: u8) -> AuditKeys {
    AuditKeys::new(&[Zeroizing::new(vec![byte; 32])]).unwrap()
}

fn name(text: &str) -> Instance {
    text.parse().unwrap()
}

impl Rig {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_time()
            .build()
            .unwrap();
        let objects = Arc::new(InMemory::new());
        let archive = Archive::over(objects.clone(), runtime.handle().clone());
        let start: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        Self {
            runtime,
            objects,
            archive: Arc::new(archive),
            disks: BTreeMap::new(),
            seconds: Arc::new(AtomicI64::new(start.as_second())),
            keys: Arc::new(keys(1)),
            cadence: Cadence {
                segment_lines: 10,
                checkpoint_lines: 7,
                ..Cadence::default()
            },
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.seconds.load(Ordering::Relaxed)).unwrap()
    }

    fn pass(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    fn disk(&mut self, instance: &str) -> Arc<Disk> {
        Arc::clone(self.disks.entry(name(instance)).or_default())
    }

    fn parts(&mut self, instance: &str) -> AuditParts {
        let seconds = Arc::clone(&self.seconds);
        AuditParts {
            files: self.disk(instance),
            instance: name(instance),
            keys: Arc::clone(&self.keys),
            archive: Arc::clone(&self.archive),
            stamp: None,
            clock: Arc::new(move || {
                Timestamp::from_second(seconds.load(Ordering::Relaxed)).unwrap()
            }),
            cadence: self.cadence,
            keep: None,
        }
    }

    fn begin(&mut self, instance: &str) -> (Auditor, Shift) {
        begin(self.parts(instance)).unwrap()
    }

    /// An instance lives, tells so many things one after the other, and stops.
    fn live(&mut self, instance: &str, lines: usize) {
        let (auditor, shift) = self.begin(instance);
        for number in 0..lines {
            self.pass(1);
            let organ = ["L01990015", "L01990027"][number % 2].parse().unwrap();
            let fact = Fact::new(Event::CopyLookedUp)
                .outcome("shown")
                .organ(&organ, None);
            auditor.tell_first(fact).wait().unwrap();
        }
        drop(shift);
    }

    /// Everything is read back a while later.
    fn verify(&self) -> Verification {
        self.verify_with(|_| ())
    }

    fn verify_with(&self, change: impl FnOnce(&mut Sources<'_>)) -> Verification {
        let anchors = Anchors::default();
        let files = self.disks.iter().map(|(instance, disk)| {
            let files: Arc<dyn SegmentFiles> = disk.clone();
            (instance.clone(), files)
        });
        let mut sources = Sources {
            archive: &self.archive,
            shelf: &self.archive,
            files: files.collect(),
            keys: &self.keys,
            anchors: &anchors,
            known: Vec::new(),
            now: self.now() + SignedDuration::from_hours(24),
            patience: SignedDuration::from_hours(2),
        };
        change(&mut sources);
        verify(&sources, &mut |_, _| ()).unwrap()
    }

    fn words(&self) -> Vec<&'static str> {
        let findings = self.verify().findings;
        findings.iter().map(|finding| finding.word()).collect()
    }

    // What somebody does who has the disks and the archive, and not the key.

    fn names(&self, folder: &str) -> Vec<Path> {
        use futures_util::TryStreamExt as _;
        let folder = Path::from(folder);
        let listed = self.objects.list(Some(&folder)).try_collect();
        let listed: Vec<object_store::ObjectMeta> = self.runtime.block_on(listed).unwrap();
        let mut names: Vec<Path> = listed.into_iter().map(|object| object.location).collect();
        names.sort();
        names
    }

    fn read(&self, name: &Path) -> Vec<u8> {
        self.runtime.block_on(async {
            let object = self.objects.get(name).await.unwrap();
            object.bytes().await.unwrap().to_vec()
        })
    }

    fn put(&self, name: &Path, body: Vec<u8>) {
        let put = self.objects.put(name, Bytes::from(body).into());
        self.runtime.block_on(put).unwrap();
    }

    fn delete(&self, name: &Path) {
        self.runtime.block_on(self.objects.delete(name)).unwrap();
    }

    /// The segments of an instance, wherever they are.
    fn segments(&self, instance: &str) -> Vec<(u64, Vec<u8>)> {
        let disk = self.disks[&name(instance)].segments.lock().unwrap();
        disk.iter()
            .map(|(first, segment)| (*first, segment.clone()))
            .collect()
    }

    /// Puts other segments in their place, on the disk and in the archive.
    fn replace(&self, instance: &str, segments: &[(u64, Vec<u8>)]) {
        for object in self.names(&format!("audit/segments/{instance}")) {
            self.delete(&object);
        }
        for (first, segment) in segments {
            let object = format!("audit/segments/{instance}/{first:012}.jsonl");
            self.put(&Path::from(object), segment.clone());
        }
        *self.disks[&name(instance)].segments.lock().unwrap() = segments.iter().cloned().collect();
    }

    fn lines(&self, instance: &str) -> Vec<Vec<u8>> {
        let segments = self.segments(instance);
        let all: Vec<u8> = segments.into_iter().flat_map(|(_, lines)| lines).collect();
        segments::lines(&all).map(<[u8]>::to_vec).collect()
    }

    /// Puts other lines in their place, in segments of ten as they were.
    fn replace_lines(&self, instance: &str, lines: &[Vec<u8>]) {
        let segments = lines.chunks(10).enumerate().map(|(number, lines)| {
            let mut segment = lines.join(&b'\n');
            segment.push(b'\n');
            (number as u64 * 10 + 1, segment)
        });
        self.replace(instance, &segments.collect::<Vec<_>>());
    }
}
