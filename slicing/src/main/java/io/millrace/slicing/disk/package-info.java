/**
 * Feature rows read from their file, for features that memory does not hold. Begin with {@link
 * io.millrace.slicing.disk.DiskFeatures}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>All rows of a batch are requested at once.</b> A mapped row is read when it is touched,
 *       so a worker waits for one page at a time. Here up to 512 requests are under way, in the
 *       order of the file, and near rows share one.
 *   <li><b>Requests go through io_uring</b>, by system calls through Java's foreign-function API.
 *       Of the ways that reach the disk's own speed it takes the least processor time: a third of
 *       that of a pool of threads with positioned reads. Advice for each row (MADV_WILLNEED)
 *       reached half of that speed. {@code docs/memory.md} has the figures.
 *   <li><b>The page cache is left out where it is smaller than the file</b> (O_DIRECT). It keeps
 *       pages of 4 KiB for rows of some hundred bytes, and filling it costs more processor time
 *       than reading. {@code slicing.cache} keeps rows. A file that fits into memory is read
 *       through the page cache, so that later epochs find it there.
 *   <li><b>No other way takes its place.</b> Where the system has no io_uring, or forbids it as
 *       some containers do, rows come from the mapped file, and the reason is logged.
 * </ul>
 */
package io.millrace.slicing.disk;
