/**
 * Imports OGB's node-property datasets, from a folder or by download.
 *
 * <p>Begin with {@link io.millrace.datasets.formats.ogb.OgbImporter}, which reads a folder in csv
 * or binary form; {@link io.millrace.datasets.formats.ogb.OgbDownload} makes a dataset from a name.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A download followed by an import.</b> {@link
 *       io.millrace.datasets.formats.ogb.OgbDownload} unpacks an archive and calls the importer,
 *       nothing else; {@link io.millrace.datasets.download.Download} knows nothing of OGB.
 *   <li><b>An archive is checked by its counts.</b> OGB publishes no checksums. So the SHA-256 of
 *       an archive is what the user gives, or what was recorded next to the archive when it was
 *       first found to be good, and it is stored in {@code dataset.yaml}. A wrong archive shows in
 *       its numbers of nodes and edges, which are compared with the published ones before the
 *       import, and in the checksums inside the zip file.
 *   <li><b>Only {@code raw/} and {@code split/} are unpacked</b>, into a temporary folder. The
 *       archive is deleted when the dataset is complete, unless it is to be kept.
 * </ul>
 */
package io.millrace.datasets.formats.ogb;
