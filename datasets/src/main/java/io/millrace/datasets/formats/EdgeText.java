package io.millrace.datasets.formats;

import io.millrace.BadInputException;
import io.millrace.Internal;
import io.millrace.datasets.EdgeColumns;
import io.millrace.datasets.csr.EdgeBlock;
import io.millrace.datasets.formats.ids.DenseIds;
import io.millrace.datasets.formats.ids.NodeIds;
import io.millrace.datasets.platform.InputLocation;
import io.millrace.datasets.platform.Sequencer;
import io.millrace.datasets.text.FieldSplitter;
import io.millrace.datasets.text.IntegerPairParser;
import io.millrace.datasets.text.LineBlocks;
import io.millrace.datasets.text.MalformedFieldException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Edges from text tables, one per line, in the order of the files. A line becomes an edge in two
 * steps:
 *
 * <ol>
 *   <li>{@link #parse}: a thread takes the next block of whole lines and splits each line into
 *       fields. The two ids become tokens (see {@link NodeIds}), which wait in {@code ParsedEdges};
 *       text that is known already becomes its node here. Threads do this at the same time, each
 *       with a block of lines.
 *   <li>{@link #add}: the tokens become nodes, and the edge is appended to the caller's block.
 *       Where a new id gets the next number, the threads take turns, in the order of the input; a
 *       block without new ids needs no turn.
 * </ol>
 *
 * <p>The next classes to read are {@link LineBlocks} and {@link NodeIds}.
 */
@Internal
public final class EdgeText implements EdgeInput {
  /** Bytes of text that a thread parses at a time, if the block of edges has room for it. */
  private static final int BLOCK_BYTES = 1 << 21;

  /** Shortest line: two ids of one digit, what separates them, and the line's end. */
  private static final int MIN_LINE_BYTES = 4;

  private final List<EdgeTable> tables;
  private final NodeIds ids;
  private final EdgeColumns columns;
  private final EdgeTimes times;
  private final boolean dropUnknown;
  private final AtomicLong dropped = new AtomicLong();
  private final LineBlocks blocks;
  private final AtomicLongArray blankLines;
  private final Sequencer turns = new Sequencer();
  private final Queue<Scratch> scratches = new ConcurrentLinkedQueue<>();

  private EdgeText(
      List<EdgeTable> tables,
      NodeIds ids,
      EdgeColumns columns,
      EdgeTimes times,
      boolean dropUnknown,
      LineBlocks blocks) {
    this.times = times;
    this.dropUnknown = dropUnknown;
    this.tables = tables;
    this.ids = ids;
    this.columns = columns;
    this.blocks = blocks;
    blankLines = new AtomicLongArray(tables.size());
  }

  public static EdgeText open(List<EdgeTable> tables, NodeIds ids) {
    return open(tables, ids, EdgeColumns.NONE, new EdgeTimes(Optional.empty()), false);
  }

  /**
   * @param columns the values that edges have: a column in each table, or ids
   * @param times reads their times, if they have
   * @param dropUnknown whether edges of ids that a complete numbering lacks are dropped and counted
   */
  public static EdgeText open(
      List<EdgeTable> tables,
      NodeIds ids,
      EdgeColumns columns,
      EdgeTimes times,
      boolean dropUnknown) {
    return new EdgeText(
        tables,
        ids,
        columns,
        times,
        dropUnknown,
        LineBlocks.open(tables.stream().map(EdgeTable::format).toList()));
  }

  /** The memory of one thread: a block of lines, and the edges parsed from them. */
  private static final class Scratch {
    private final LineBlocks.Block lines;
    private final IntegerPairParser pair = new IntegerPairParser();
    private final ParsedEdges edges;

    private Scratch(int bytes, EdgeColumns columns) {
      lines = new LineBlocks.Block(bytes);
      edges = new ParsedEdges(columns);
    }
  }

  @Override
  public EdgeColumns columns() {
    return columns;
  }

  @Override
  public long next(EdgeBlock block) {
    Scratch scratch = scratches.poll();
    if (scratch == null) {
      scratch =
          new Scratch(Math.min(BLOCK_BYTES, MIN_LINE_BYTES * (block.capacity() - 1)), columns);
    }
    if (!blocks.next(scratch.lines)) {
      return END;
    }
    long number = scratch.lines.number();
    try {
      parse(scratch);
      if (ids.inOrder() && !scratch.edges.areKnown(ids) && !turns.await(number)) {
        return END; // the thread that failed reports it
      }
      if (dropUnknown) {
        addKnown(scratch, block);
      } else {
        add(scratch, block);
      }
    } catch (RuntimeException | Error e) {
      if (!turns.await(number)) {
        return END;
      }
      turns.fail();
      throw e;
    }
    turns.done(number);
    scratches.add(scratch);
    return number;
  }

  /** Lines become edges of tokens. */
  private void parse(Scratch scratch) {
    LineBlocks.Block lines = scratch.lines;
    EdgeTable table = tables.get(lines.file());
    byte[] delimiter = table.format().separator().bytes();
    byte separator = delimiter[0];
    boolean pairs = ids.areIntegers() && table.isPairs() && delimiter.length == 1;
    FieldSplitter fields = new FieldSplitter(table.format().separator());
    byte[] bytes = lines.bytes();
    int length = lines.length();
    scratch.edges.clear();
    for (int line = 0, next; line < length; line = next) {
      next = pairs ? scratch.pair.read(bytes, line, length, separator) : -1;
      if (next >= 0) { // two plain integers, the fast path
        scratch.edges.add(scratch.pair.first(), scratch.pair.second());
      } else {
        next = parseLine(scratch, table, fields, line);
      }
    }
  }

  /**
   * Any other line: a blank one is no edge.
   *
   * @param line where it begins in its block
   * @return where the next line begins
   */
  private int parseLine(Scratch scratch, EdgeTable table, FieldSplitter fields, int line) {
    byte[] bytes = scratch.lines.bytes();
    try {
      int next = fields.split(bytes, line, scratch.lines.length());
      if (fields.count() > 0) {
        table.format().requireColumns(fields);
        scratch.edges.add(id(fields, bytes, table.src()), id(fields, bytes, table.dst()));
        scratch.edges.addValues(table, times, fields, bytes);
      } else {
        blankLines.incrementAndGet(scratch.lines.file());
      }
      return next;
    } catch (MalformedFieldException e) {
      throw error(e, scratch.lines, line);
    }
  }

  private long id(FieldSplitter fields, byte[] bytes, int column) {
    return ids.token(bytes, fields.start(column), fields.end(column));
  }

  /** Tokens become nodes, and edges go to the block. */
  private void add(Scratch scratch, EdgeBlock block) {
    byte[] bytes = scratch.lines.bytes();
    ParsedEdges edges = scratch.edges;
    int edge = 0;
    try {
      for (; edge < edges.numEdges(); edge++) {
        int src = ids.node(bytes, edges.src(edge));
        block.add(src, ids.node(bytes, edges.dst(edge)));
        edges.putValues(edge, block);
      }
    } catch (MalformedFieldException e) {
      throw error(e, scratch.lines, startOf(edge, scratch.lines));
    }
  }

  /** As {@link #add}, but an edge of an id that no node has is skipped. */
  private void addKnown(Scratch scratch, EdgeBlock block) {
    byte[] bytes = scratch.lines.bytes();
    ParsedEdges edges = scratch.edges;
    long unknown = 0;
    for (int edge = 0; edge < edges.numEdges(); edge++) {
      try {
        int src = ids.node(bytes, edges.src(edge));
        block.add(src, ids.node(bytes, edges.dst(edge)));
        edges.putValues(edge, block);
      } catch (MalformedFieldException _) {
        block.skip();
        unknown++;
      }
    }
    dropped.addAndGet(unknown);
  }

  /** Edges dropped so far because the numbering lacks an id. */
  public long dropped() {
    return dropped.get();
  }

  /** Where the line of an edge begins in its block: every line that is not blank has one edge. */
  private static int startOf(int edge, LineBlocks.Block lines) {
    byte[] bytes = lines.bytes();
    int start = 0;
    boolean blank = true;
    for (int at = 0, left = edge; left >= 0; at++) {
      if (bytes[at] == '\n') {
        start = at + 1;
        blank = true;
      } else if (blank && bytes[at] != ' ' && bytes[at] != '\t' && bytes[at] != '\r') {
        blank = false;
        left--;
      }
    }
    return start;
  }

  /**
   * @param line where it begins in its block
   */
  private BadInputException error(MalformedFieldException field, LineBlocks.Block lines, int line) {
    Path file = tables.get(lines.file()).format().file();
    long number = LineBlocks.lineAt(file, lines.offset() + line);
    return field.at(
        (rule, values) ->
            InputLocation.error(rule, new Object[] {"file", file, "line", number}, values));
  }

  /** How many blank lines of a table have been skipped so far. */
  public long blankLines(int table) {
    return blankLines.get(table);
  }

  @Override
  public void end(long found) {
    if (found > 0 && dropped() == found) {
      throw BadInputException.of(
          "no edge is between nodes of the node table",
          "file",
          tables.getFirst().format().file(),
          "edges",
          found);
    }
    times.requireOneKind(tables.getFirst().format().file());
    if (ids.numNodes() == 0) {
      throw BadInputException.of("no edges", "file", tables.getFirst().format().file());
    }
    if (ids instanceof DenseIds dense) {
      dense.requireDense(found);
    }
  }

  @Override
  public void close() {
    blocks.close();
  }
}
