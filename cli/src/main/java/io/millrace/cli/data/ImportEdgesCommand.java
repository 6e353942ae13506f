package io.millrace.cli.data;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.cli.command.CommonOptions;
import io.millrace.cli.command.Output;
import io.millrace.cli.command.Streams;
import io.millrace.cli.command.Subcommand;
import io.millrace.datasets.ImportFindings;
import io.millrace.datasets.formats.edgelist.EdgeListImporter;
import io.millrace.datasets.formats.edgelist.EdgeListOptions;
import io.millrace.datasets.formats.edgelist.LabelKind;
import io.millrace.datasets.formats.edgelist.LabelOptions;
import io.millrace.datasets.formats.edgelist.NodeTableOptions;
import io.millrace.datasets.formats.ids.NodeIdKind;
import io.millrace.datasets.text.Delimiter;
import io.millrace.datasets.text.HeaderMode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Imports edge lists. */
@Command(
    name = "edges",
    sortOptions = false,
    description =
        "Imports tables of edges, one a line (SNAP's text, csv, tsv, also packed as .gz or .zst) or"
            + " a row (.parquet), or one matrix (Matrix Market, scipy's .npz) or array of edges"
            + " (.npy, .npz), and optionally a table of nodes. COLUMN is a name in the header"
            + " or a number from 1.")
@Internal
public final class ImportEdgesCommand extends Subcommand {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "The tables of edges, in order.")
  private List<Path> files;

  @Option(
      names = "--src-column",
      paramLabel = "COLUMN",
      description =
          "Where an edge begins (default: the column that is named source, src, from or the like,"
              + " otherwise the first).")
  private Optional<String> src = Optional.empty();

  @Option(
      names = "--dst-column",
      paramLabel = "COLUMN",
      description =
          "Where it ends: the node that aggregates (default: the column that is named target, dst,"
              + " to or the like, otherwise the second).")
  private Optional<String> dst = Optional.empty();

  @Option(
      names = "--weight-column",
      paramLabel = "COLUMN",
      description = "A weight per edge, kept as edge_weights.npy (default: none).")
  private Optional<String> weight = Optional.empty();

  @Option(
      names = "--time-column",
      paramLabel = "COLUMN",
      description =
          "A time per edge, kept as edge_time.npy: an integer as it is, a number with a fraction as"
              + " seconds, an ISO date as seconds since 1970 in UTC (default: none).")
  private Optional<String> time = Optional.empty();

  @Option(
      names = "--time-unit",
      paramLabel = "seconds|milliseconds|...",
      description =
          "What edge_time.npy counts where times are dates or have a fraction: nanoseconds to days,"
              + " rounded down (default: seconds, and a fraction is an error).")
  private Optional<TimeUnit> timeUnit = Optional.empty();

  @Option(
      names = "--edge-ids",
      description = "Keep each edge's position in the input, from 0, as edge_ids.npy.")
  private boolean edgeIds;

  @Option(
      names = "--ids",
      paramLabel = "auto|dense|long|string",
      defaultValue = "auto",
      description =
          "What names a node: dense = 0 to N-1; long = any 64-bit integer; string = any text"
              + " (default: what the first line suggests). Long and string ids go into the"
              + " dataset's dictionary, which is built on the Java heap, in addition to --memory:"
              + " some 80 bytes per node plus its name (MILLRACE_JAVA_OPTS=-Xmx8g gives more).")
  private NodeIdKind ids;

  @Option(
      names = "--separator",
      paramLabel = "comma|semicolon|tab|pipe|double-colon|blanks|TEXT",
      description =
          "The separator of columns, by its name or as it is (default: the one that gives all of"
              + " the first lines the same number of columns).")
  private Optional<Delimiter> separator = Optional.empty();

  @Option(
      names = "--header",
      paramLabel = "auto|yes|no",
      defaultValue = "auto",
      description =
          "Whether the first line names the columns (default: if a column is given by name, where"
              + " text stands above numbers, or where the names are common ones; in doubt the table"
              + " is refused).")
  private HeaderMode header;

  @Option(
      names = "--nodes",
      paramLabel = "FILE",
      description =
          "A table with one line per node, all nodes of the edges among them; row 0 becomes node"
              + " 0.")
  private Optional<Path> nodes = Optional.empty();

  @Option(
      names = "--node-separator",
      paramLabel = "TEXT",
      description = "The --separator of the node table, if it is another one.")
  private Optional<Delimiter> nodeSeparator = Optional.empty();

  @Option(
      names = "--node-header",
      paramLabel = "auto|yes|no",
      description = "The --header of the node table, if it is another one.")
  private Optional<HeaderMode> nodeHeader = Optional.empty();

  @Option(
      names = "--drop-unknown",
      description = "Drop and count edges to nodes that the node table lacks (default: an error).")
  private boolean dropUnknown;

  @Option(
      names = "--id-column",
      paramLabel = "COLUMN",
      description = "The node's id in the node table (default: none, it is the number of the row).")
  private Optional<String> idColumn = Optional.empty();

  @Option(
      names = "--feature-columns",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Columns of the node table, also ranges of numbers (3-130) and beginnings of names (f*)."
              + " A field holds a number, true or false, or a list of these, of the same length in"
              + " every row: [1.5, 2] or 1.5 2 or 1.5;2 or 1.5|2.")
  private List<String> featureColumns = List.of();

  @Option(
      names = "--label-column",
      paramLabel = "COLUMN",
      description =
          "The class as a whole number, or as text: then classes are numbered in the order of their"
              + " names, which are kept.")
  private Optional<String> labelColumn = Optional.empty();

  @Option(
      names = "--labels",
      paramLabel = "auto|numbers|names",
      defaultValue = "auto",
      description =
          "What labels are (default: numbers if all are, names if none is a number, else an"
              + " error).")
  private LabelKind labelKind;

  @Option(
      names = "--unlabelled",
      paramLabel = "WORD",
      split = ",",
      description =
          "Words that mean that a node has no label, as empty, nan and -1 always do (default: NA,"
              + " N/A, #N/A, <NA>, None, null, nil, unknown, unlabelled, unlabeled, missing,"
              + " undefined, ?, -; in upper or lower case).")
  private List<String> unlabelled = List.of();

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "Numbers to predict (train --task regression), kept as targets.npy; a field that is"
              + " missing is not known.")
  private List<String> targetColumns = List.of();

  @Option(
      names = "--split-column",
      paramLabel = "COLUMN",
      split = ",",
      description =
          "train, valid (val, va, dev) or test, or 0, 1 and 2 for these; empty = in no split. Or"
              + " three columns of booleans: the masks of train, valid and test.")
  private List<String> splitColumns = List.of();

  @Option(
      names = "--dry-run",
      description =
          "Only print what is found out about the tables: delimiter, header, columns, ids; nothing"
              + " is written.")
  private boolean dryRun;

  @Mixin private ImportTargetOptions target;

  public ImportEdgesCommand(Streams streams) {
    super(streams);
  }

  @Override
  protected Object run(CommonOptions common, Output output) {
    EdgeListOptions edges =
        new EdgeListOptions(
            src,
            dst,
            weight,
            time,
            timeUnit,
            edgeIds,
            separator,
            header,
            ids,
            nodeTable(),
            dropUnknown);
    if (dryRun) {
      ImportFindings findings = EdgeListImporter.findings(files, edges);
      findings.lines().forEach(line -> output.result("%s", line));
      return Map.of("command", "import edges", "import", findings.map());
    }
    return target.run(
        "import edges",
        Optional.empty(),
        common,
        output,
        (out, options, progress) ->
            EdgeListImporter.importFiles(files, edges, out, options, progress));
  }

  private Optional<NodeTableOptions> nodeTable() {
    boolean hasColumns =
        idColumn.isPresent()
            || !featureColumns.isEmpty()
            || labelColumn.isPresent()
            || !targetColumns.isEmpty()
            || !splitColumns.isEmpty()
            || nodeSeparator.isPresent()
            || nodeHeader.isPresent();
    if (nodes.isEmpty() && hasColumns) {
      throw new BadInputException("options of a node table are given without --nodes FILE");
    }
    return nodes.map(
        file ->
            new NodeTableOptions(
                file,
                idColumn,
                featureColumns,
                labelColumn,
                splitColumns,
                new LabelOptions(labelKind, unlabelled),
                targetColumns,
                nodeSeparator,
                nodeHeader));
  }
}
