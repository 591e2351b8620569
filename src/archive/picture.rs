//! Pictures, as far as a page must know them.

/// The size of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PictureSize {
    /// The width.
    pub width: u32,
    /// The height.
    pub height: u32,
}

impl PictureSize {
    /// The number of bytes at the start of a file that contain the size.
    pub const BYTES: u64 = 24;

    /// Reads the size from the start of a PNG file; `None` for other files.
    #[must_use]
    pub fn of_png(start: &[u8]) -> Option<Self> {
        let chunk = start.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR")?;
        let (width, rest) = chunk.split_first_chunk()?;
        let (height, _) = rest.split_first_chunk()?;
        let (width, height) = (u32::from_be_bytes(*width), u32::from_be_bytes(*height));
        (width > 0 && height > 0).then_some(Self { width, height })
    }
}

/// Returns `true` for an image that a page may embed. SVG may contain scripts, so it is only linked.
#[must_use]
pub fn is_picture(path: &str) -> bool {
    let extension = path
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    matches!(
        extension.as_str(),
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif"
    )
}

#[cfg(test)]
mod tests {
    use super::PictureSize;

    #[test]
    fn the_size_is_read_from_the_first_chunk() {
        let start = |width: u32, height: u32| {
            let signature = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
            [
                signature,
                width.to_be_bytes().into(),
                height.to_be_bytes().into(),
            ]
            .concat()
        };
        let size = |bytes: &[u8]| PictureSize::of_png(bytes).map(|size| (size.width, size.height));
        assert_eq!(size(&start(1024, 3)), Some((1024, 3)));
        assert_eq!(size(&start(0, 3)), None);
        assert_eq!(size(start(1, 3).split_last().expect("bytes").1), None);
        assert_eq!(size(b"GIF89a"), None);
    }
}
