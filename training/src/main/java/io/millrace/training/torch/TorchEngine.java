package io.millrace.training.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import io.millrace.BadInputException;
import io.millrace.Internal;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * DJL's PyTorch engine: it is started once, together with everything that exists once per process.
 *
 * <p>The number of compute threads and the random generator belong to the process, not to a
 * trainer, so they are set here and nowhere else. Trainers that are built or run at the same time
 * take turns at the generator and get the same weights as alone; they share the number of threads,
 * and the last setting applies. Starting takes about a second, and longer the first time, when DJL
 * unpacks libtorch, see {@link #cache}. Thread-safe. The next class to read is {@link LibTorch}.
 */
public final class TorchEngine {
  private static final String NAME = "PyTorch";

  /** The lock that is held while code draws from torch's generator. */
  private static final ReentrantLock GENERATOR = new ReentrantLock();

  private static SymbolLookup symbols;
  private static String idleThreads;
  private static String freedMemory;
  private static Path cache;

  private TorchEngine() {}

  /**
   * Starts the engine if it is not running.
   *
   * @throws BadInputException if there is no libtorch, if it does not have the version that DJL was
   *     built for, or if Java forbids native access
   */
  public static synchronized void start() {
    if (symbols == null) {
      try {
        symbols = load();
      } catch (IllegalCallerException e) {
        throw new BadInputException(
            "libtorch needs native access: flag=--enable-native-access=ALL-UNNAMED", e);
      }
    }
  }

  private static SymbolLookup load() {
    idleThreads = WaitPolicy.apply();
    freedMemory = FreedMemory.apply();
    cache = TorchCache.prepare();
    UserLibTorch.prepare();
    Thread thread = Thread.currentThread();
    ClassLoader context = thread.getContextClassLoader();
    thread.setContextClassLoader(withDjl(context));
    try {
      Engine.getEngine(NAME);
    } catch (RuntimeException | LinkageError | AssertionError e) { // DJL throws them all
      throw UserLibTorch.notLoaded(e);
    } finally {
      thread.setContextClassLoader(context);
    }
    SymbolLookup loaded = libtorch();
    LibTorchVersion.requireMatch(loaded);
    return loaded;
  }

  /**
   * The class loader by which DJL finds its engine and libtorch's jar: the thread's, because it
   * sees a user's jars where Millrace is in a shared folder. In a pool of threads it may be null or
   * another program's, and then Millrace's own finds them. DJL looks once in a process, so after a
   * failure no other thread could start it.
   *
   * @param context of the thread; may be null
   */
  static ClassLoader withDjl(ClassLoader context) {
    try {
      if (context != null && context.loadClass(LibUtils.class.getName()) == LibUtils.class) {
        return context;
      }
    } catch (ClassNotFoundException | LinkageError _) { // it is another program's
    }
    return TorchEngine.class.getClassLoader();
  }

  /**
   * How libtorch's idle threads wait, sleeping or spinning, and what chose it, in words. They
   * sleep, unless the environment variable {@code OMP_WAIT_POLICY} or the system property {@code
   * millrace.waitPolicy} ({@code passive}, {@code active}, {@code off}) says otherwise: spinning
   * threads delay the workers.
   */
  public static synchronized String idleThreads() {
    start();
    return idleThreads;
  }

  /**
   * Where the memory of freed tensors goes, and what chose it, in words. The C library keeps it for
   * the next ones, unless the system property {@code millrace.freedMemory} ({@code keep}, {@code
   * off}) or glibc's own variables say otherwise.
   */
  public static synchronized String freedMemory() {
    start();
    return freedMemory;
  }

  /**
   * The version of libtorch that DJL was built for, the only one that works. Does not start the
   * engine.
   */
  public static String requiredVersion() {
    return LibTorchVersion.jniVersion();
  }

  /** libtorch's version, for instance 2.7.1. */
  public static String version() {
    start();
    return LibUtils.getVersion();
  }

  /** The folder libtorch was loaded from. */
  public static Path path() {
    start();
    return Path.of(LibUtils.getLibtorchPath());
  }

  /** The folder that DJL unpacks libtorch to; only this user can write to it. */
  public static synchronized Path cache() {
    start();
    return cache;
  }

  /** The number of threads that an operation may use at present. */
  public static int computeThreads() {
    start();
    return JniUtils.getNumThreads();
  }

  /** Sets the number of threads an operation may use; 1 makes floating-point sums repeatable. */
  @Internal
  public static void computeThreads(int numThreads) {
    start();
    if (numThreads < 1) {
      throw BadInputException.of("compute threads must be at least 1", "threads", numThreads);
    }
    JniUtils.setNumThreads(numThreads);
  }

  /**
   * Seeds the random generator and runs the code that draws from it. There is one generator per
   * process, and no other code seeds it meanwhile, so what is drawn is a function of the seed.
   */
  @Internal
  public static <T> T seeded(long seed, Supplier<T> work) {
    start();
    GENERATOR.lock();
    try {
      JniUtils.setSeed(seed);
      return work.get();
    } finally {
      GENERATOR.unlock();
    }
  }

  /**
   * Runs a forward pass of a training. On a GPU it works like {@link #seeded}, because dropout
   * draws from the generator there, and the pass only starts kernels. On the CPU passes of several
   * trainers run at the same time, because Millrace's layers draw nothing from the generator.
   */
  @Internal
  public static <T> T forward(Device device, long seed, Supplier<T> pass) {
    if (device.isGpu()) {
      return seeded(seed, pass);
    }
    seeded(seed, () -> seed);
    return pass.get();
  }

  /** Why libtorch cannot compute on a GPU here, in one line; empty if it can. */
  static Optional<String> whyNoCuda() {
    start();
    return Engine.getEngine(NAME).hasCapability(StandardCapabilities.CUDA)
        ? Optional.empty()
        : Optional.of(
            "libtorch "
                + LibUtils.getVersion()
                + " cannot use it, being built for the CPU or for another CUDA: "
                + LibUtils.getLibtorchPath()
                + " (PYTORCH_LIBRARY_PATH and PYTORCH_FLAVOR name another)");
  }

  /** A new manager of arrays on the CPU; the caller closes it. */
  @Internal
  public static NDManager newManager() {
    return newManager(Device.cpu());
  }

  /** A new manager of arrays on a device; the caller closes it. */
  @Internal
  public static NDManager newManager(Device device) {
    start();
    return NDManager.newBaseManager(device, NAME);
  }

  /** The symbols of libtorch_cpu. */
  static synchronized SymbolLookup symbols() {
    start();
    return symbols;
  }

  @SuppressWarnings("restricted")
  private static SymbolLookup libtorch() {
    Path library = Path.of(LibUtils.getLibtorchPath(), System.mapLibraryName("torch_cpu"));
    return SymbolLookup.libraryLookup(library, Arena.global());
  }
}
