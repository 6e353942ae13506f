/**
 * Downloads over HTTP that resume. Begin with {@link io.millrace.datasets.download.Download}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A download knows nothing of the format of the file.</b> {@code millrace get} is a {@link
 *       io.millrace.datasets.download.Download} followed by an importer.
 *   <li><b>A resumed file is of one version.</b> A download resumes with an HTTP range only if the
 *       server identifies the file by an ETag or a date, and that is the one of the bytes received
 *       so far. Otherwise it starts again.
 *   <li><b>Checksums are recorded where there are no published ones.</b> OGB publishes none, so the
 *       SHA-256 of an archive is what the user gives, or what was recorded next to it when the
 *       archive was found good ({@link io.millrace.datasets.download.ChecksumFile}).
 *   <li><b>The partial file keeps its name</b>, without a process id: a later process resumes it. A
 *       lock keeps other processes away while one writes.
 * </ul>
 */
package io.millrace.datasets.download;
