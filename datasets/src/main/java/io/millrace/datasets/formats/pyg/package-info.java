/**
 * Exports a dataset for PyTorch Geometric.
 *
 * <p>Begin with {@link io.millrace.datasets.formats.pyg.PygExport}, the only class.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>One npz file with PyG's names.</b> The dataset's own files open in numpy anyway, so an
 *       export is only worth a file if {@code torch_geometric.data.Data} accepts it as it is.
 *   <li><b>It is stored, not deflated.</b> In a zip file a stored member's checksum precedes its
 *       data, so the content is produced twice. That takes less time than a compressor that finds
 *       nothing to compress.
 * </ul>
 */
package io.millrace.datasets.formats.pyg;
