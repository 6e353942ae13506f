package io.millrace.datasets.formats.ogb;

import io.millrace.BadInputException;
import io.millrace.Progress;
import io.millrace.datasets.DatasetDescription;
import io.millrace.datasets.GraphDataset;
import io.millrace.datasets.download.Address;
import io.millrace.datasets.download.ChecksumFile;
import io.millrace.datasets.download.Download;
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
import java.util.Locale;
import java.util.Optional;

/**
 * Downloads one of OGB's archives, unpacks it and imports it as a dataset directory.
 *
 * <pre>
 *   OUT.zip           the archive, until the dataset is complete; {@link Download} fetches it
 *                     unless it is there already
 *   OUT.zip.sha256    its checksum in the format of sha256sum; written once the archive is known
 *                     to hold the graph
 *   OUT               the dataset directory
 * </pre>
 *
 * <p>After a kill at any moment, the same call resumes the download where it stopped; unpacking and
 * importing begin again. Used by one thread. The next classes to read are {@link Download} and
 * {@link OgbImporter}.
 *
 * @param archive the archive to download
 * @param sha256 the checksum that the archive must have, 64 hex digits; empty = the one recorded
 *     next to it, if there is one
 * @param keep whether to keep the archive once the dataset is complete; without it, an archive that
 *     was there before is deleted, too
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
   * @throws BadInputException if {@code out} exists, the archive cannot be downloaded, has another
   *     checksum or does not hold the graph that its name says, or the disk is too small for it
   */
  public DatasetDescription importTo(Path out, ImportOptions options, Progress progress) {
    return importTo(out, options, RetryPolicy.DEFAULT, progress);
  }

  DatasetDescription importTo(
      Path out, ImportOptions options, RetryPolicy retries, Progress progress) {
    ImportOptions complete =
        options
            .withUndirected(options.undirected() || archive.undirected())
            .withName(options.name().orElse(archive.name()));
    Path zip = out.resolveSibling(out.getFileName() + ".zip");
    Optional<DatasetDescription> before = madeBefore(out, zip, progress);
    if (before.isPresent()) {
      return before.get();
    }
    prepare(out, zip);
    progress.note(
        archive.name() + ": licence " + archive.licence() + ", " + Address.shown(archive.url()));
    if (!Files.exists(zip)) {
      Download.SpaceCheck space =
          (missing, present) -> requireSpace(zip, missing, present, complete, progress);
      new Download(archive.url(), zip, retries, space, progress).run();
    }
    ChecksumFile recorded = new ChecksumFile(zip);
    String checksum = recorded.require(sha256, progress);
    try (OgbExtraction folder = OgbExtraction.of(zip, progress)) {
      OgbImporter.requireGraph(folder.path(), complete.split(), archive);
      recorded.write(checksum); // only now: a damaged archive must not become the reference
      writeMeta(folder.path(), checksum);
      DatasetDescription made = OgbImporter.importFolder(folder.path(), out, complete, progress);
      if (!keep) {
        recorded.delete();
      }
      return made;
    }
  }

  /**
   * What an earlier run has made of this archive if it was killed while it deleted the archive,
   * which is done now.
   */
  private Optional<DatasetDescription> madeBefore(Path out, Path zip, Progress progress) {
    if (keep || !Files.exists(zip) || !Files.exists(out.resolve(DatasetDescription.FILE_NAME))) {
      return Optional.empty();
    }
    DatasetDescription made;
    try (GraphDataset dataset = GraphDataset.open(out)) {
      made = dataset.description();
    }
    ChecksumFile recorded = new ChecksumFile(zip);
    if (!made.source().equals(source(recorded.require(sha256, progress)))) {
      return Optional.empty();
    }
    OgbExtraction.deleteAbandoned(zip);
    recorded.delete();
    progress.note("the dataset exists already, the archive is deleted: zip=" + zip);
    return Optional.of(made);
  }

  private String source(String checksum) {
    return Address.shown(archive.url()) + ", SHA-256 " + checksum;
  }

  /**
   * Before any long step: requires that the target does not exist, and creates the folder above.
   */
  private static void prepare(Path out, Path zip) {
    if (Files.exists(out, LinkOption.NOFOLLOW_LINKS)) {
      throw Files.exists(zip)
          ? BadInputException.of(
              "output exists already, next to an archive", "out", out, "zip", zip)
          : BadInputException.of("output exists already", "out", out);
    }
    Path folder = out.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw IoErrors.cannotWrite(folder, "directory", e);
    }
  }

  /**
   * Room for the archive, as much again for its content, which is compressed already, and for the
   * dataset.
   */
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
    return String.format(Locale.ROOT, "%.2f", bytes / GIB);
  }

  /** Writes source and licence to where {@link OgbTables} reads them. */
  private void writeMeta(Path folder, String checksum) {
    String meta =
        "{\"source\": \"%s\", \"licence\": \"%s\"}".formatted(source(checksum), archive.licence());
    try {
      Files.write(folder.resolve(OgbTables.META), meta.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw IoErrors.cannotWrite(folder, OgbTables.META, e);
    }
  }
}
