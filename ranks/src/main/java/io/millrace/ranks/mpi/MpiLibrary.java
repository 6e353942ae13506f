package io.millrace.ranks.mpi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.millrace.BadInputException;
import io.millrace.datasets.platform.CLibrary;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/**
 * The functions of an MPI library, through Java's foreign-function API.
 *
 * <p>Messages go over a communicator of our own. Thread-safe after {@link #init}: the library is
 * asked for {@code MPI_THREAD_MULTIPLE}. It stays loaded until the process ends.
 */
final class MpiLibrary {
  /** Names the file of the library, where the search should not decide. */
  static final String FILE = "MILLRACE_MPI_LIBRARY";

  private static final List<String> OPEN_MPI = List.of("libmpi.so.40", "libmpi.so");
  private static final List<String> OTHERS =
      List.of("libmpich.so.12", "libmpi.so.12", "libmpi_abi.so.1", "libmpi_abi.so.0");
  private static final int MAX_TEXT = 8192;

  /** No ABI has a larger {@code MPI_Status}. */
  private static final int STATUS_BYTES = 64;

  private final SymbolLookup library;
  private final String file;
  private final MpiAbi abi;
  private final MethodHandle send;
  private final MethodHandle receive;
  private final MethodHandle test;
  private final MethodHandle count;
  private long communicator;

  private MpiLibrary(String file, SymbolLookup library) {
    this.file = file;
    this.library = library;
    abi = MpiAbi.of(file, library);
    send = function("MPI_Isend", "pihiihp");
    receive = function("MPI_Irecv", "pihiihp");
    test = function("MPI_Test", "ppp");
    count = function("MPI_Get_count", "php");
  }

  /**
   * Finds and loads the library, that of the launcher first.
   *
   * @throws BadInputException if there is none, naming those that were looked for
   */
  @SuppressWarnings("restricted")
  static MpiLibrary load() {
    keepSignals();
    for (String file : candidates()) {
      try {
        return new MpiLibrary(file, SymbolLookup.libraryLookup(file, Arena.global()));
      } catch (IllegalArgumentException e) {
        // not on this machine
      }
    }
    throw BadInputException.of(
        "no MPI library can be loaded", FILE, String.join(",", candidates()));
  }

  private static List<String> candidates() {
    String chosen = System.getenv(FILE);
    if (chosen != null && !chosen.isBlank()) {
      return List.of(chosen);
    }
    boolean openMpi = System.getenv("PMI_RANK") == null; // MPICH's launchers set it
    List<String> all = new ArrayList<>(openMpi ? OPEN_MPI : OTHERS);
    all.addAll(openMpi ? OTHERS : OPEN_MPI);
    return all;
  }

  /** UCX, on which many libraries stand, would take SIGSEGV, which Java itself lives on. */
  private static void keepSignals() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom("UCX_ERROR_SIGNALS");
      CLibrary.call("setenv", name, arena.allocateFrom(""), 0);
    }
  }

  /** The file that was loaded, and what the library says of itself; also before {@link #init}. */
  String description() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(MAX_TEXT);
      MemorySegment length = arena.allocate(JAVA_INT);
      call(function("MPI_Get_library_version", "pp"), text.address(), length.address());
      String version = text.getString(0).lines().findFirst().orElse("");
      return version.split(",")[0].strip() + " (" + abi.name() + "), " + file;
    } catch (IOException e) {
      return abi.name() + ", " + file;
    }
  }

  /**
   * Joins the processes of the launcher; once in a process, on the thread that calls {@link
   * #finish}.
   *
   * @throws IOException if MPI cannot be used
   */
  void init() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      call(function("MPI_Init_thread", "ppip"), 0L, 0L, abi.threadMultiple(), out.address());
      if (out.get(JAVA_INT, 0) < abi.threadMultiple()) {
        throw new IOException("the library was built without threads: " + description());
      }
      call(function("MPI_Comm_set_errhandler", "hh"), abi.world(), abi.errorsReturn());
      call(function("MPI_Comm_dup", "hp"), abi.world(), out.address());
      communicator = abi.intHandles() ? out.get(JAVA_INT, 0) : out.get(JAVA_LONG, 0);
    }
  }

  /** This process, from 0. */
  int rank() throws IOException {
    return number("MPI_Comm_rank");
  }

  /** The number of processes. */
  int size() throws IOException {
    return number("MPI_Comm_size");
  }

  private int number(String function) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      call(function(function, "hp"), communicator, out.address());
      return out.get(JAVA_INT, 0);
    }
  }

  /** A message under way. Its memory is never freed, because MPI may still use it. */
  final class Request {
    private final MemorySegment handle = Arena.global().allocate(JAVA_LONG);
    private final MemorySegment status = Arena.global().allocate(STATUS_BYTES, Long.BYTES);
    private final MemorySegment answer = Arena.global().allocate(JAVA_INT);

    /** Begins to send bytes, which stay unchanged until they are {@link #sent}. */
    void send(MemorySegment bytes, int to, int tag) throws IOException {
      begin(send, bytes, to, tag);
    }

    /** Begins to receive a message of at most so many bytes. */
    void receive(MemorySegment bytes, int from, int tag) throws IOException {
      begin(receive, bytes, from, tag);
    }

    private void begin(MethodHandle function, MemorySegment bytes, int peer, int tag)
        throws IOException {
      int length = Math.toIntExact(bytes.byteSize());
      call(
          function,
          bytes.address(),
          length,
          abi.bytes(),
          peer,
          tag,
          communicator,
          handle.address());
    }

    /** Whether a message is sent. */
    boolean sent() throws IOException {
      return isDone(abi.statusIgnore());
    }

    private boolean isDone(long statusAddress) throws IOException {
      requireSuccess(test(handle.address(), answer.address(), statusAddress));
      return answer.get(JAVA_INT, 0) != 0;
    }

    /** How many bytes were received; -1 if none has come yet. */
    int received() throws IOException {
      if (!isDone(status.address())) {
        return -1;
      }
      call(count, status.address(), abi.bytes(), answer.address());
      return answer.get(JAVA_INT, 0);
    }
  }

  /** Without the arrays of {@link #call}, since this is asked again and again. */
  private int test(long request, long flag, long status) {
    try {
      return (int) test.invokeExact(request, flag, status);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("a downcall throws no exception itself", t);
    }
  }

  Request newRequest() {
    return new Request();
  }

  /** Leaves the other processes in order; waits until all have come to this. */
  void finish() throws IOException {
    call(function("MPI_Finalize", ""));
  }

  // ---- calls ----

  /**
   * A function that returns a code; {@code h} is a handle, {@code p} a pointer, {@code i} an int.
   */
  @SuppressWarnings("restricted")
  private MethodHandle function(String name, String arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length()];
    Class<?>[] types = new Class<?>[arguments.length()];
    for (int i = 0; i < layouts.length; i++) {
      char kind = arguments.charAt(i);
      boolean isInt = kind == 'i' || kind == 'h' && abi.intHandles();
      layouts[i] = isInt ? JAVA_INT : JAVA_LONG;
      types[i] = kind == 'i' ? int.class : long.class;
    }
    MemorySegment address =
        library
            .find(name)
            .orElseThrow(() -> BadInputException.of("no MPI library", "file", file, "lacks", name));
    MethodHandle handle =
        Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_INT, layouts));
    return MethodHandles.explicitCastArguments(handle, MethodType.methodType(int.class, types));
  }

  private void call(MethodHandle function, Object... arguments) throws IOException {
    requireSuccess(invoke(function, arguments));
  }

  private void requireSuccess(int code) throws IOException {
    if (code != 0) {
      throw new IOException("MPI: " + error(code));
    }
  }

  private static int invoke(MethodHandle function, Object... arguments) {
    try {
      return (int) function.invokeWithArguments(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new IllegalStateException("a downcall throws no exception itself", t);
    }
  }

  private String error(int code) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(MAX_TEXT);
      MemorySegment length = arena.allocate(JAVA_INT);
      int failed =
          invoke(function("MPI_Error_string", "ipp"), code, text.address(), length.address());
      return failed == 0 ? text.getString(0) : "error " + code;
    }
  }
}
