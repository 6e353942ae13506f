/**
 * Graph, features, labels and splits, on disk and in memory. Begin with {@link
 * io.millrace.datasets.GraphDataset}, {@link io.millrace.datasets.CsrGraph}, {@link
 * io.millrace.datasets.FeatureMatrix} and {@link io.millrace.datasets.NodeLabels}.
 *
 * <ul>
 *   <li>A dataset is opened from its directory or built from arrays in memory. {@link
 *       io.millrace.datasets.EdgeAttributes} has ids, times, weights and features of edges, in the
 *       order of the graph's.
 *   <li>Importers make a dataset directory: {@link
 *       io.millrace.datasets.formats.edgelist.EdgeListImporter}, {@link
 *       io.millrace.datasets.formats.ogb.OgbImporter}, {@link
 *       io.millrace.datasets.formats.graphbolt.GraphBoltImporter}; and so does {@link
 *       io.millrace.datasets.generator.GraphGenerator}. {@link io.millrace.datasets.csr.CsrBuilder}
 *       builds a graph from edges.
 *   <li>{@link io.millrace.datasets.inspect.DatasetInspector} checks everything that must hold.
 * </ul>
 *
 * <p>Arrays have the same layout in memory and in the files: little-endian, row-major, 64-byte
 * aligned; the machine must be little-endian.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>A dataset is copied into memory where that is cheap</b> ({@link
 *       io.millrace.datasets.StorageMode#AUTO}): if its files take at most a quarter of the
 *       available memory, onto pages of 2 MiB through {@code mmap} and {@code madvise}. That made
 *       sampling 12 % faster where the file system's cache is on small pages, and 1 % where it is
 *       on large ones. Larger datasets stay mapped, and may be larger than memory.
 *   <li><b>Small datasets are checked in full when they are opened</b>, up to 1 GiB. Larger ones
 *       are checked by their writer and by {@code millrace inspect}; the sampler bounds-checks what
 *       it reads.
 *   <li><b>There are no int8 features.</b> With a scale per column they are off by 0.6 to 1.3 % of
 *       the deviation (facebook-pagepage, coauthor-physics, arxiv-tape; float16 by 0.02 %), and a
 *       third type would go through every gather, copy and model. It would halve float16's bytes
 *       where they cost little: slicing takes some 1 % of a batch on a CPU, and on a GPU copies run
 *       during the computation. What would be gained is disk and memory (14 GB instead of 28 for
 *       papers100M), for which {@code --reduce 64} does the same.
 *   <li><b>Names are looked up in two plain arrays</b>, mapped read-only and checked like all
 *       others: buckets of a hash table, laid out as a CSR graph. A lookup searches one bucket by
 *       halves and compares what it finds with the name, so neither names chosen to meet in one
 *       bucket nor a hostile index makes it long or leads it to a wrong node. Chronicle-map, used
 *       before, constructs the classes that a file names, and writes to the file while it reads.
 *       For a million names it took 37 bytes a name instead of 8, 10 CPU seconds to make instead of
 *       2, and 5 to open instead of none. It finds names as fast, and is up to twice as fast to
 *       find that there is no such name.
 *   <li><b>Sizes stated in a file are not trusted.</b> A size in a description or a header, a count
 *       or a line is compared with the bytes that are there, and with the other files, before
 *       memory is allocated for it. {@code FuzzTest} damages datasets and inputs of importers and
 *       watches errors, memory, time and leftovers.
 * </ul>
 */
package io.millrace.datasets;
