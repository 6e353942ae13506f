/**
 * This package divides the nodes of a graph into pieces that fit the memory of an inference: which
 * nodes, how they are cut, and where their rows are stored. Begin with {@link
 * io.millrace.training.inference.chunks.ChunkPlan}. A range is the unit of progress that is
 * recorded; a chunk is the unit that is computed at once.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Chunk boundaries follow from the degrees: sources (at the wider of input and output width),
 *       edges and working arrays fit 1/16 of the memory. They depend on graph and settings only,
 *       like the result. Slots take five of the 16 parts (on a GPU four, which begin small and
 *       grow), mapped pages ten; workers beyond that wait.
 *   <li>A plan of few nodes takes small slots, because memory that lies on no huge pages is zeroed
 *       when a slot is made.
 *   <li>A graph that memory holds is computed in chunks, too. All nodes at once, over the graph's
 *       own arrays, gave the same bits and took 1.9 times the CPU time: tensors above 64 MiB are
 *       mapped and faulted in for each operation, whatever glibc's thresholds are.
 *   <li>Several chunks that are read in place are computed at once, each by one thread of libtorch.
 *       The rows then have the same bits for any number of threads. With libtorch's own threads for
 *       one chunk after another, two cores were busy for three quarters of the time only, because
 *       its operations are short. A thread that only wrote rows beside them gained nothing.
 *   <li>High-degree nodes are aggregated in parts, for any model, see {@code PartialAggregation}. A
 *       layer that asks for the edges' arrays gets the row whole if half of the memory holds it,
 *       otherwise an error with both sizes.
 *   <li>Resident memory is bounded by giving pages back ({@code ResidentLimit}). Pages of mapped
 *       files count as the process's own. A thread looks every 3 ms at the resident file pages, and
 *       above five eighths of the memory unmaps them ({@code MADV_DONTNEED}); they stay in the
 *       system's cache. The heap does not count, because it grows as the garbage collector decides.
 *       Where the rows of a layer do not fit, the cost is page faults, one per 64 KiB of the cache:
 *       with a quarter of the memory that it needs, a layer takes two to ten times as long.
 *   <li>Rows are not read by positioned reads. Reading the rows of a chunk in file order, those
 *       less than 2 KiB apart in one call, left nothing resident and took two to four times as long
 *       as the faults.
 *   <li>The files of ranges are named {@code shard-NNNNN} and the locks of shards {@code
 *       share-I-of-N.lock}: older names, kept so that interrupted inferences resume.
 * </ul>
 */
package io.millrace.training.inference.chunks;
