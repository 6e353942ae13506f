/**
 * Slicing: node ids, labels, layers and feature rows of a sampled batch are written to one block of
 * memory, a slot. Begin with {@link io.millrace.slicing.Slicer}; {@link
 * io.millrace.slicing.SlotLayout} says where each part lies.
 *
 * <p><b>Where a feature row is gathered</b>: {@code NativeGather}, or {@code JavaGather} where
 * there is no kernel. {@code MatrixFeatures} calls it, which is the usual {@link
 * io.millrace.slicing.FeatureStore} of a slicer.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A slot starts small and grows.</b> The worst case is far too large: fanout 15,10,5 can
 *       reach 16 x 11 x 6 nodes per seed, and real batches have a seventh of that. After the first
 *       batches the sizes stay the same.
 *   <li><b>A batch is transferred by one copy, without its node ids.</b> They come first in the
 *       layout, so labels, layers and features are one block behind them. The GPU uses the same
 *       layout and leaves the place of the ids empty, which is 1 % of a slot.
 *   <li><b>Features come from a {@link io.millrace.slicing.FeatureStore}</b>, an interface, so that
 *       a cache, a disk or another machine can take the place of a matrix in memory.
 *   <li><b>Rows are gathered in C if possible</b> ({@code NativeGather}) and in Java otherwise.
 *       Both give the same bytes.
 *   <li><b>The checksum covers ids, labels and layers</b>, not features, so that a run can report
 *       for little time that its batches are those of another run.
 * </ul>
 */
package io.millrace.slicing;
