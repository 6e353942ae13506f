/**
 * The machine below a dataset: files and directories that appear whole, temporary files, locks,
 * disk space, memory and threads. Begin with {@link io.millrace.datasets.platform.AtomicFile} and
 * {@link io.millrace.datasets.platform.Parallel}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Results appear whole.</b> A file or directory is written under a partial name next to
 *       its target and renamed. The name has the id of the process, so that two processes never
 *       write one partial file. The writer holds a lock on it, so that a later one can tell an
 *       abandoned file from one in use, and deletes only the former.
 *   <li><b>Results do not depend on the number of threads.</b> {@link
 *       io.millrace.datasets.platform.Parallel} gives a task its number and nothing else. Where
 *       parts must be done in the order of the input, {@link
 *       io.millrace.datasets.platform.Sequencer} keeps that order, for results and for errors.
 *   <li><b>Room is checked first</b>, memory and disk: running out of either in the middle costs
 *       more time, or kills the process without a message.
 *   <li><b>The system is told how mapped files are read</b> ({@link
 *       io.millrace.datasets.platform.Access}). Of a gigabyte that is not in the page cache, a pass
 *       from front to back takes 0.46 s with huge pages, 1.4 s without advice and 122 s with advice
 *       for random rows; of a file larger than memory, each row would cost 128 KiB or 2 MiB. So
 *       rows are advised to be random only where memory does not hold the file. {@code
 *       MADV_WILLNEED} is not used, because the kernel reads one readahead of it, whatever the
 *       length.
 *   <li><b>Sizes stated in a file are not trusted.</b> Descriptions end within 512 KiB, and YAML
 *       may neither nest deeply nor repeat lists by aliases ({@link
 *       io.millrace.datasets.platform.YamlFields}).
 * </ul>
 */
package io.millrace.datasets.platform;
