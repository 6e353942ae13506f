package io.millrace.ranks.params;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * What the ranks push in the iterations of one clock, on its way to becoming a sum.
 *
 * @param clock from 0
 * @param step the number that messages name
 * @param parts this rank's; unchanged until the round is applied
 * @param sum receives that of all ranks
 */
record Round(long clock, long step, List<MemorySegment> parts, MemorySegment sum) {}
