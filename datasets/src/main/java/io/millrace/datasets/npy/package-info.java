/**
 * Numpy files. <i>Npy</i> and <i>Npz</i> in a name mean files of a dataset directory, in one of few
 * element types, which are mapped. <i>Numpy</i> means arrays of other software, in any type, which
 * are read as a stream. Begin with {@link io.millrace.datasets.npy.NpyArray} and {@link
 * io.millrace.datasets.npy.NumpyReader}.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li><b>Arrays of other software are streams</b>, whatever their type, byte order and memory
 *       order: a member of an npz file is decoded once and is never whole in memory.
 *   <li><b>The header comes last where the length is known last</b> ({@link
 *       io.millrace.datasets.npy.NpyAppender}): how many edges remain is known only at the end.
 *       Such a file is read once more for its checksum, which begins with the header.
 *   <li><b>Sizes stated in a header are not trusted.</b> They are compared with the bytes that are
 *       there, and packed members with what they can expand to, before memory is allocated.
 *   <li><b>Members of an npz file are stored, not deflated.</b> The checksum of a stored member
 *       precedes its data, so the content is produced twice; that costs less than a compressor that
 *       does not compress.
 * </ul>
 */
package io.millrace.datasets.npy;
