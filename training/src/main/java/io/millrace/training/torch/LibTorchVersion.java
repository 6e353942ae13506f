package io.millrace.training.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import ai.djl.pytorch.jni.LibUtils;
import io.millrace.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes sure that the libtorch in this process is the one DJL's JNI was built for.
 *
 * <p>The JNI library loads on top of another libtorch without an error and then corrupts data
 * silently, so a mismatch ends the start with a one-line message. Three versions must agree: the
 * one of the JNI on the class path, the one that DJL reports to have loaded, and the one that
 * libtorch itself reports; the last catches a folder given by {@code PYTORCH_LIBRARY_PATH}.
 * Stateless.
 */
final class LibTorchVersion {
  /**
   * {@code std::string at::show_config()}, by its mangled GNU name; absent on Windows and macOS.
   */
  private static final String SHOW_CONFIG = "_ZN2at11show_configB5cxx11Ev";

  /** libstdc++'s {@code std::string}: address of the characters, their number, 16 bytes of room. */
  private static final MemoryLayout STD_STRING =
      MemoryLayout.structLayout(ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final Pattern VERSION = Pattern.compile("TORCH_VERSION=(\\d+\\.\\d+\\.\\d+)");

  private LibTorchVersion() {}

  /**
   * @param symbols the symbols of libtorch_cpu, after DJL's JNI was loaded
   * @throws BadInputException when the versions differ
   */
  static void requireMatch(SymbolLookup symbols) {
    String path = LibUtils.getLibtorchPath();
    requireEqual(jniVersion(), LibUtils.getVersion(), path);
    requireMatch(symbols, path);
  }

  /** The same check as {@link #requireMatch(SymbolLookup)}, before DJL has loaded anything. */
  static void requireMatch(SymbolLookup symbols, String path) {
    if (symbols.find(SHOW_CONFIG).isPresent()) {
      requireEqual(jniVersion(), reported(symbols), path);
    }
  }

  static void requireEqual(String expected, String found, String path) {
    if (!found.equals(expected)) {
      throw BadInputException.of(
          "libtorch must be the version DJL was built for",
          "expected",
          expected,
          "found",
          found,
          "path",
          path);
    }
  }

  /**
   * For instance 2.7.1; the class path has 2.7.1-0.35.1, which is libtorch's version followed by
   * DJL's.
   */
  static String jniVersion() {
    ClassLoader loader = LibUtils.class.getClassLoader();
    try (InputStream in = loader.getResourceAsStream("jnilib/pytorch.properties")) {
      if (in == null) {
        throw new IllegalStateException("ai.djl.pytorch:pytorch-jni is not on the class path");
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("jni_version").split("-", 2)[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What libtorch reports about itself. The characters of its answer, about 1 kB, are never freed.
   */
  @SuppressWarnings("restricted")
  static String reported(SymbolLookup symbols) {
    MethodHandle showConfig =
        Linker.nativeLinker()
            .downcallHandle(
                symbols.find(SHOW_CONFIG).orElseThrow(), FunctionDescriptor.of(STD_STRING));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment string = (MemorySegment) showConfig.invokeExact((SegmentAllocator) arena);
      long length = string.get(JAVA_LONG, ADDRESS.byteSize());
      MemorySegment characters = string.get(ADDRESS, 0).reinterpret(length);
      String text =
          new String(characters.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
      Matcher matcher = VERSION.matcher(text);
      return matcher.find() ? matcher.group(1) : "unknown";
    } catch (Throwable t) {
      throw new IllegalStateException("libtorch does not say its version", t);
    }
  }
}
