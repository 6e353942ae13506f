package io.millrace.bench.variant;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Loads the sampler and the explorer's parts again, so that each {@link SamplerVariant} has classes
 * of its own.
 *
 * <p>The JIT compiler optimises a method by what it has seen there. If five maps went through one
 * loop, its call of the map would no longer be inlined, and each would look slow because of the
 * others. With a loader per form, each loop has seen its own map only, as in a program that has
 * only one. Everything else, {@link SamplerFactory} included, is the parent's.
 */
public final class IsolatedLoader extends ClassLoader {
  private static final List<String> OWN =
      List.of("io.millrace.sampler.", "io.millrace.bench.explore.");
  private static final String FACTORY = "io.millrace.bench.explore.Forms";

  static {
    registerAsParallelCapable();
  }

  private IsolatedLoader(ClassLoader parent) {
    super(parent);
  }

  /** A factory whose samplers share no compiled code with any other's. */
  public static SamplerFactory newFactory() {
    try {
      return (SamplerFactory)
          new IsolatedLoader(IsolatedLoader.class.getClassLoader())
              .loadClass(FACTORY)
              .getConstructor()
              .newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (OWN.stream().noneMatch(name::startsWith)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? findClass(name) : loaded;
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = getParent().getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
