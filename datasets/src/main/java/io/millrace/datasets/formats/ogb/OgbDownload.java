package io.millrace.datasets.formats.ogb;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.download.ChecksumFile;
import io.millrace.datasets.download.Download;
import io.millrace.datasets.download.PartialDownload;
import io.millrace.datasets.download.RetryPolicy;
import io.millrace.datasets.formats.ImportOptions;
import io.millrace.datasets.formats.features.Reduction;
import io.millrace.datasets.platform.DiskSpace;
import io.millrace.datasets.platform.IoErrors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Downloads an archive of OGB's, unpacks it and imports it: in goes a name, out comes a dataset
 * directory.
 *
 * <pre>
 *   OUT.zip           the archive, while it is worked on; {@link PartialDownload} says how it comes there,
 *                     unless it lies there before
 *   OUT.zip.sha256    its checksum, as sha256sum writes and checks it; there once the archive
 *                     is known to hold the graph
 *   OUT               the dataset directory
 * </pre>
 *
 * <p>Killed at any moment, the same call again goes on with the download where it was; unpacking
 * and importing begin again. Used by one thread. The next classes to read are {@link Download},
 * {@link OgbExtraction} and {@link OgbImporter}.
 *
 * @param archive what to get
 * @param sha256 the checksum that it must have, 64 hex digits; empty = what was recorded beside it
 *     when it was first found to be good, if it was
 * @param keep whether the archive stays when the dataset is made, also one that was there before
 */
public record OgbDownload(OgbArchive archive, Optional<String> sha256, boolean keep) {
  private static final double GIB = 1 << 30;

  public OgbDownload {
    if (sha256.isPresent() && !ChecksumFile.isSha256(sha256.get())) {
      throw BadInputException.of("SHA-256 must be 64 hex digits", "sha256", sha256.get());
    }
  }

  /**
   * @param out the dataset directory to make; must not exist
   * @return what was written
   * @throws BadInputException if {@code out} exists, the archive cannot be had, has another
   *     checksum or does not hold the graph that its name says, or there is no room for it
   */
  public DatasetDescription importTo(Path out, ImportOptions options, Progress progress) {
    return importTo(out, options, RetryPolicy.DEFAULT, progress);
  }

  DatasetDescription importTo(
      Path out, ImportOptions options, RetryPolicy patience, Progress progress) {
    ImportOptions complete =
        options
            .withUndirected(options.undirected() || archive.undirected())
            .withName(options.name().orElse(archive.name()));
    Path zip = out.resolveSibling(out.getFileName() + ".zip");
    prepare(out, zip);
    progress.note(archive.name() + ": licence " + archive.licence() + ", " + archive.url());
    if (!Files.exists(zip)) {
      Download.SpaceCheck space =
          (missing, present) -> requireSpace(zip, missing, present, complete, progress);
      new Download(archive.url(), zip, patience, space, progress).run();
    }
    ChecksumFile recorded = new ChecksumFile(zip);
    String checksum = recorded.require(sha256, progress);
    try (OgbExtraction folder = OgbExtraction.of(zip, progress)) {
      OgbImporter.requireGraph(folder.path(), complete.split(), archive);
      recorded.write(checksum); // no sooner, or a damaged archive would be the one to keep to
      writeMeta(folder.path(), checksum);
      DatasetDescription made = OgbImporter.importFolder(folder.path(), out, complete, progress);
      if (!keep) {
        recorded.delete();
      }
      return made;
    }
  }

  /** Before anything long: the target must be free, and its folder be there. */
  private static void prepare(Path out, Path zip) {
    if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
      throw Files.exists(zip)
          ? BadInputException.of("output exists already, beside an archive", "out", out, "zip", zip)
          : BadInputException.of("output exists already", "out", out);
    }
    Path folder = out.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(folder, "directory", e);
    }
  }

  /** The archive, as much again for what is in it, which is packed already, and the dataset. */
  private void requireSpace(
      Path zip, long missingBytes, long presentBytes, ImportOptions options, Progress progress) {
    long zipBytes = Math.max(0, missingBytes) + presentBytes;
    long datasetBytes = datasetBytes(options);
    long needBytes = Math.max(0, missingBytes) + zipBytes + datasetBytes;
    Path folder = zip.toAbsolutePath().getParent();
    progress.note(
        "disk: %s GiB are needed (archive %s, unpacked about %s, dataset %s), %s are free: folder=%s"
            .formatted(
                gib(needBytes),
                gib(zipBytes),
                gib(zipBytes),
                gib(datasetBytes),
                gib(DiskSpace.freeBytes(folder)),
                folder));
    DiskSpace.require(folder, needBytes);
  }

  private long datasetBytes(ImportOptions options) {
    long dim = options.reduction().map(Reduction::dim).orElse(archive.featureDim());
    long rowBytes = Long.BYTES + Integer.BYTES + dim * options.featureType().bytes();
    long edges = options.undirected() ? 2 * archive.numEdges() : archive.numEdges();
    return archive.numNodes() * rowBytes + edges * Integer.BYTES;
  }

  private static String gib(long bytes) {
    return "%.2f".formatted(bytes / GIB);
  }

  /** Where {@link OgbTables} finds source and licence. */
  private void writeMeta(Path folder, String checksum) {
    String meta =
        "{\"source\": \"%s, SHA-256 %s\", \"licence\": \"%s\"}"
            .formatted(archive.url(), checksum, archive.licence());
    try {
      Files.write(folder.resolve(OgbTables.META), meta.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw IoErrors.cannotWrite(folder, OgbTables.META, e);
    }
  }
}
