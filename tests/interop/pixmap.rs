//! Binary PPM and PGM pictures: just enough to compare two and to cut a corner out.

/// A picture.
pub(crate) struct Pixmap {
    width: usize,
    height: usize,
    /// Samples a pixel: 3 in a PPM, 1 in a PGM.
    channels: usize,
    samples: Vec<u8>,
}

impl Pixmap {
    /// Reads a PPM or a PGM with a byte a sample.
    pub(crate) fn parse(file: &[u8]) -> Result<Self, String> {
        let mut parts = file.splitn(4, u8::is_ascii_whitespace);
        let channels = match parts.next() {
            Some(b"P6") => 3,
            Some(b"P5") => 1,
            _ => return Err("neither PPM nor PGM".to_owned()),
        };
        let mut number = || str::from_utf8(parts.next()?).ok()?.parse::<usize>().ok();
        let (Some(width), Some(height)) = (number(), number()) else {
            return Err("a picture without a size".to_owned());
        };
        // What is left is the greatest sample (255), one blank and the samples.
        let samples = parts.next().and_then(|rest| rest.get(4..));
        match samples {
            Some(samples) if !samples.is_empty() && samples.len() == channels * width * height => {
                Ok(Self {
                    width,
                    height,
                    channels,
                    samples: samples.to_vec(),
                })
            }
            _ => Err("a picture of another length".to_owned()),
        }
    }

    /// Equal to the last sample; else how they differ.
    pub(crate) fn compare(&self, other: &Self) -> Result<(), String> {
        let (width, height) = (self.width, self.height);
        if (width, height, self.channels) != (other.width, other.height, other.channels) {
            return Err(format!(
                "{width} × {height} pixels against {} × {}",
                other.width, other.height
            ));
        }
        let differences: Vec<(usize, usize, u8)> = self
            .samples
            .iter()
            .zip(&other.samples)
            .enumerate()
            .filter(|(_, (ours, theirs))| ours != theirs)
            .map(|(at, (ours, theirs))| {
                let pixel = at / self.channels;
                (pixel % width, pixel / width, ours.abs_diff(*theirs))
            })
            .collect();
        match differences.first() {
            None => Ok(()),
            Some((x, y, _)) => Err(format!(
                "{} samples of {width} × {height} pixels differ, by {} at most, first at {x}, {y}",
                differences.len(),
                differences.iter().map(|(_, _, by)| by).max().unwrap_or(&0)
            )),
        }
    }

    /// The lower left corner, no side longer than this, as a file.
    pub(crate) fn lower_left(&self, longest: usize) -> Vec<u8> {
        let (width, height) = (self.width.min(longest), self.height.min(longest));
        let kind = if self.channels == 3 { "P6" } else { "P5" };
        let mut file = format!("{kind}\n{width} {height}\n255\n").into_bytes();
        for row in self
            .samples
            .chunks_exact(self.width * self.channels)
            .skip(self.height - height)
        {
            file.extend_from_slice(&row[..width * self.channels]);
        }
        file
    }
}

#[test]
fn one_other_sample_is_noticed_wherever_it_is() {
    let picture = |samples: &[u8; 9]| {
        Pixmap::parse(&[b"P5\n3 3\n255\n".as_slice(), samples].concat()).expect("a picture")
    };
    let plain = picture(&[0; 9]);
    assert_eq!(plain.compare(&picture(&[0; 9])), Ok(()));
    for other in [[0, 0, 0, 0, 7, 0, 0, 0, 0], [7, 0, 0, 0, 0, 0, 0, 0, 0]] {
        let difference = plain.compare(&picture(&other));
        assert!(
            difference.is_err_and(|words| words.contains("1 samples") && words.contains("by 7"))
        );
    }
    let corner = picture(&[1, 2, 3, 4, 5, 6, 7, 8, 9]).lower_left(2);
    assert!(corner.ends_with(&[b"\n255\n".as_slice(), &[4, 5, 7, 8]].concat()));
}
