package io.millrace.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
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
import java.util.stream.Stream;

/**
 * Gathers in C to measure against: {@code gather.c} beside this class, compiled when the benchmark
 * starts, with all that the very machine can do ({@code -march=native}), by {@code CC} or else
 * {@code cc}.
 *
 * <p>One call does a whole batch, without any check. Immutable; shared by all threads; the library
 * stays loaded until {@link #close}.
 */
final class ReferenceC implements AutoCloseable {
  private static final List<String> OPTIONS = List.of("-O3", "-march=native", "-shared", "-fPIC");
  private static final Linker LINKER = Linker.nativeLinker();

  private final Arena arena = Arena.ofShared();
  private final MethodHandle prefetch;
  private final MethodHandle fresh;
  private final MethodHandle drop;

  private ReferenceC(Path library) {
    SymbolLookup symbols = load(library);
    prefetch = bind(symbols, "prefetch_gather", FunctionDescriptor.ofVoid(args(ADDRESS)));
    fresh = bind(symbols, "fresh_gather", FunctionDescriptor.of(ADDRESS, args()));
    drop = bind(symbols, "drop", FunctionDescriptor.ofVoid(ADDRESS));
  }

  /**
   * Compiles and loads the library.
   *
   * @throws IOException if it cannot be compiled; the message says why, in one line
   */
  static ReferenceC compile() throws IOException {
    String given = System.getenv("CC");
    return compile(given == null || given.isBlank() ? "cc" : given);
  }

  static ReferenceC compile(String compiler) throws IOException {
    Path folder = Files.createTempDirectory("millrace-bench");
    try {
      Path source = folder.resolve("gather.c");
      Path library = folder.resolve(System.mapLibraryName("gather"));
      try (InputStream in = ReferenceC.class.getResourceAsStream("gather.c")) {
        Files.copy(in, source);
      }
      List<String> command = new ArrayList<>(List.of(compiler.split(" ")));
      command.addAll(OPTIONS);
      command.addAll(List.of("-o", library.toString(), source.toString()));
      run(command);
      return new ReferenceC(library);
    } finally {
      delete(folder); // the library that is loaded needs its file no more
    }
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command.getFirst() + " failed: " + output.lines().findFirst());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  /** A plain loop with software prefetch, into the slot. */
  void prefetch(MemorySegment rows, long rowBytes, int[] nodes, MemorySegment slot) {
    try {
      prefetch.invokeExact(rows, rowBytes, MemorySegment.ofArray(nodes), (long) nodes.length, slot);
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  /** A plain loop into memory that is allocated for it, and freed. */
  void fresh(MemorySegment rows, long rowBytes, int[] nodes) {
    try {
      MemorySegment out =
          (MemorySegment)
              fresh.invokeExact(rows, rowBytes, MemorySegment.ofArray(nodes), (long) nodes.length);
      if (out.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("a fresh buffer for " + nodes.length + " rows");
      }
      drop.invokeExact(out);
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }

  @SuppressWarnings("restricted")
  private SymbolLookup load(Path library) {
    return SymbolLookup.libraryLookup(library, arena);
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
