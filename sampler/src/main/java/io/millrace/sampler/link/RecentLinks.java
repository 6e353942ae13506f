package io.millrace.sampler.link;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/**
 * The pairs of the latest batches of an epoch: those who ask for a batch's seeds, their times and
 * the pairs of its loss get what was drawn once. A batch that is no longer kept is drawn again,
 * with the same result. All threads share it.
 */
final class RecentLinks {
  /** More than the batches that are prepared at a time, as a rule. */
  private static final int SIZE = 64;

  private record Entry(int batch, LinkSeeds links) {}

  private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(SIZE);
  private final IntFunction<LinkSeeds> draw;

  /**
   * @param draw draws the pairs of a batch
   */
  RecentLinks(IntFunction<LinkSeeds> draw) {
    this.draw = draw;
  }

  LinkSeeds get(int batch) {
    Entry entry = entries.get(batch % SIZE);
    if (entry == null || entry.batch != batch) {
      entry = new Entry(batch, draw.apply(batch));
      entries.set(batch % SIZE, entry);
    }
    return entry.links;
  }
}
