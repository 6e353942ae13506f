/**
 * Imports of other formats: what all of them have in common. The formats are the packages {@code
 * edgelist}, {@code graphbolt}, {@code matrix} and {@code ogb} below; {@code pyg} is an export.
 *
 * <p>Begin with {@link io.millrace.datasets.formats.SourceTables}, which is what a format must
 * offer, and {@link io.millrace.datasets.formats.DatasetImport}, which writes it as a dataset
 * directory. {@link io.millrace.datasets.formats.ImportOptions} holds what the user may choose in
 * every format.
 *
 * <p><b>To add a format</b>: make a package below this one with an implementation of {@link
 * io.millrace.datasets.formats.SourceTables} and a public importer that passes it to {@link
 * io.millrace.datasets.formats.DatasetImport#write}; {@link
 * io.millrace.datasets.formats.graphbolt.GraphBoltImporter} is the shortest example. Take edges
 * from {@link io.millrace.datasets.formats.EdgeText} or {@link
 * io.millrace.datasets.formats.NumpyEdges}, values of edges from {@link
 * io.millrace.datasets.formats.NumpyEdgeColumns}, features from the package {@code features}, and
 * ids that are not node ids from the package {@code ids}. Give the package a floor in the layering
 * table of the module {@code checks}, and the command a subcommand next to those of {@code import}.
 *
 * <p><b>Where a csv line becomes an edge</b>: {@link io.millrace.datasets.formats.EdgeText}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>One importer, several sources.</b> {@link io.millrace.datasets.formats.DatasetImport}
 *       writes the tables of all formats, so that options, checks and files are the same for each.
 *       Numpy arrays are read as streams, whatever their type, byte order or memory order: a member
 *       of an npz file is decoded once and is never whole in memory. Where the order of the array
 *       does not suit (all sources before all destinations, columns before rows), one part goes
 *       through a temporary file.
 *   <li><b>All threads parse text</b> (see the package {@code text}), but new ids are numbered in
 *       the order of the input, block after block, so the result does not depend on the threads.
 *   <li><b>Sizes stated in a file are not trusted.</b> What an npy header, a member of an npz file,
 *       a count or a line states is compared with the bytes that exist, and with the other files,
 *       before memory is allocated for it. Lines end within 32 MiB, descriptions within 512 KiB,
 *       and YAML may neither nest deeply nor repeat lists by aliases. A fuzz test damages folders
 *       of OGB and GraphBolt, edge lists and datasets, and checks errors, memory, time and the
 *       files left over. It does not damage Parquet files, feature files and downloads, which have
 *       tests of their own.
 *   <li><b>Nodes are not reordered at import</b>: the package {@code io.millrace.sampler} has the
 *       measurement.
 *   <li><b>Features may be float32 or float16, but not int8.</b> With one scale per column, int8
 *       values are off by 0.6 to 1.3 % of the standard deviation (facebook-pagepage,
 *       coauthor-physics, arxiv-tape), float16 values by 0.02 %; and every gather, copy and model
 *       would need a third type. It would save half of float16's bytes where they cost little:
 *       slicing takes about 1 % of a batch's time on a CPU, and on a GPU copies overlap the
 *       computation. What remains is disk and memory (14 GB instead of 28 GB for papers100M), for
 *       which {@code --reduce 64} does the same.
 * </ul>
 */
package io.millrace.datasets.formats;
