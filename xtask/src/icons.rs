//! Drawings of `icons/` to the PNG sizes that browsers ask for.

use anyhow::{Context, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};
use std::path::Path;

/// Pixels a side: toolbars at 1, 1.5 and 2 times, and the pages that list extensions.
pub const SIZES: [u32; 7] = [16, 19, 24, 32, 48, 96, 128];

/// Renders every drawing of `from` as `NAME-SIZE.png` into `to`.
pub fn render(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for drawing in std::fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let drawing = drawing?.path();
        if drawing.extension().is_none_or(|extension| extension != "svg") {
            continue;
        }
        let name = drawing.file_stem().and_then(|stem| stem.to_str()).context("a drawing without a name")?;
        let text = std::fs::read_to_string(&drawing)?;
        let tree = Tree::from_str(&text, &Options::default())
            .with_context(|| format!("{} is no drawing", drawing.display()))?;
        for size in SIZES {
            let mut pixels = Pixmap::new(size, size).context("no memory for an icon")?;
            #[expect(clippy::cast_precision_loss, reason = "icon sizes are small whole numbers")]
            let scale = size as f32 / tree.size().width();
            resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
            pixels.save_png(to.join(format!("{name}-{size}.png"))).context("cannot write an icon")?;
        }
    }
    Ok(())
}
