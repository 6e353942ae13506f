/**
 * Text tables: lines, fields and numbers, of plain, packed and Parquet files. Begin with {@link
 * io.millrace.datasets.text.TextFormat} and {@link io.millrace.datasets.text.LineBlocks}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>All threads parse, in blocks of whole lines.</b> A thread reads the next block under a
 *       lock, which costs little, and parses it while others read and parse. Lines are not counted:
 *       an error has its byte offset, and {@link io.millrace.datasets.text.LineBlocks#lineAt}
 *       counts the lines up to there by reading the file again.
 *   <li><b>A Parquet file is read as csv text</b>, so columns, ids, labels, splits and messages are
 *       those of text, and importers need no code for it. Its library is optional: parquet-floor,
 *       which is parquet-java without Hadoop, brings 12 MiB of jars. The command has it, a bundle
 *       leaves it out, and users of the modules add it. Without it, a {@code .parquet} file is an
 *       error that tells how to convert it.
 *   <li><b>A damaged gzip file is an error.</b> Java's reader takes a damaged second member for the
 *       end of the file.
 *   <li><b>Lines end within 32 MiB</b>, so that a file without line breaks does not fill the
 *       memory.
 * </ul>
 */
package io.millrace.datasets.text;
