package io.millrace.bench.slicer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.bench.harness.TemporaryFolder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Gathers in C to measure against: {@code gather.c} next to this class, compiled when the benchmark
 * starts, with all that the very machine can do ({@code -march=native}), by {@code CC} or else the
 * system's compiler.
 *
 * <p>One call does a whole batch, without any check. Immutable; shared by all threads; the library
 * stays loaded until {@link #close}.
 */
final class ReferenceC implements AutoCloseable {
  private static final List<String> OPTIONS = List.of("-O3", "-march=native", "-shared", "-fPIC");
  private static final List<String> COMPILERS = List.of("cc", "gcc", "clang");
  private static final Linker LINKER = Linker.nativeLinker();

  /** The most that glibc's threshold for memory that is mapped alone rises to by itself. */
  static final long KEPT_BYTES = 32 << 20;

  private final Arena arena = Arena.ofShared();
  private final MethodHandle prefetch;
  private final MethodHandle plain;
  private final MethodHandle fresh;
  private final MethodHandle drop;

  private ReferenceC(Path library) {
    SymbolLookup symbols = load(library);
    prefetch = bind(symbols, "prefetch_gather", FunctionDescriptor.ofVoid(args(ADDRESS)));
    plain = bind(symbols, "plain_gather", FunctionDescriptor.ofVoid(args(ADDRESS)));
    fresh = bind(symbols, "fresh_gather", FunctionDescriptor.of(ADDRESS, args()));
    drop = bind(symbols, "drop", FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG));
  }

  /**
   * Compiles and loads the library.
   *
   * @throws BadInputException if that cannot be; the message says why, in one line
   */
  static ReferenceC compile() {
    return compile(compiler(System.getenv()), source());
  }

  /** {@code CC}, or else the first on the {@code PATH}, as the build of the kernel takes it. */
  static String compiler(Map<String, String> environment) {
    String given = environment.getOrDefault("CC", "");
    if (!given.isBlank()) {
      return given;
    }
    String[] folders = environment.getOrDefault("PATH", "").split(File.pathSeparator);
    return COMPILERS.stream()
        .filter(name -> Stream.of(folders).anyMatch(it -> Files.isExecutable(Path.of(it, name))))
        .findFirst()
        .orElseThrow(() -> BadInputException.of("no C compiler was found", "tried", COMPILERS));
  }

  static String source() {
    try (InputStream in = ReferenceC.class.getResourceAsStream("gather.c")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The library that is loaded needs its file no more. */
  static ReferenceC compile(String compiler, String source) {
    try (TemporaryFolder folder = TemporaryFolder.create("gather")) {
      Path file = Files.writeString(folder.path().resolve("gather.c"), source);
      Path library = folder.path().resolve(System.mapLibraryName("gather"));
      List<String> command = new ArrayList<>(List.of(compiler.strip().split("\\s+")));
      command.addAll(OPTIONS);
      command.addAll(List.of("-o", library.toString(), file.toString()));
      run(command);
      return new ReferenceC(library);
    } catch (IOException e) {
      throw new BadInputException("cannot compile: " + e.getMessage(), e);
    }
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        String first = output.lines().findFirst().orElse("it gave no message");
        throw new IOException(command.getFirst() + " failed: " + first);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** A plain loop with software prefetch, into the slot. */
  void prefetch(MemorySegment rows, long rowBytes, int[] nodes, MemorySegment slot) {
    try {
      prefetch.invokeExact(rows, rowBytes, MemorySegment.ofArray(nodes), (long) nodes.length, slot);
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  /**
   * A plain loop into a buffer of its own for each batch, as SALIENT's slicer and torch's {@code
   * index_select} have it: glibc gives memory of up to {@link #KEPT_BYTES} out again, which is the
   * slot here; larger buffers come from the system and go back to it.
   *
   * @param use of the rows before they are gone
   */
  @SuppressWarnings("restricted")
  void fresh(
      MemorySegment rows,
      long rowBytes,
      int[] nodes,
      MemorySegment slot,
      Consumer<MemorySegment> use) {
    long bytes = nodes.length * rowBytes;
    MemorySegment ids = MemorySegment.ofArray(nodes);
    try {
      if (bytes <= KEPT_BYTES) {
        plain.invokeExact(rows, rowBytes, ids, (long) nodes.length, slot);
        use.accept(slot.asSlice(0, bytes));
        return;
      }
      MemorySegment out =
          (MemorySegment) fresh.invokeExact(rows, rowBytes, ids, (long) nodes.length);
      if (out.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("a fresh buffer for " + nodes.length + " rows");
      }
      try {
        use.accept(out.reinterpret(bytes));
      } finally {
        drop.invokeExact(out, bytes);
      }
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  /** A folder that may be written may still be one of which nothing is run. */
  @SuppressWarnings("restricted")
  private SymbolLookup load(Path library) {
    try {
      return SymbolLookup.libraryLookup(library, arena);
    } catch (IllegalArgumentException e) {
      throw new BadInputException("cannot load what was compiled: " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle bind(
      SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        symbols.findOrThrow(name), descriptor, Linker.Option.critical(true));
  }

  /** Rows, bytes of a row, ids and how many, then what else there is. */
  private static MemoryLayout[] args(MemoryLayout... more) {
    return Stream.concat(Stream.of(ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG), Stream.of(more))
        .toArray(MemoryLayout[]::new);
  }

  @Override
  public void close() {
    arena.close();
  }
}
