package io.millrace.training.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.google.gson.JsonObject;
import io.millrace.training.nn.GraphBlock;
import io.millrace.training.nn.GraphModel;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which class loaders a user's model is looked for in. */
class ModelClassLoaderTest {
  private final ClassLoader before = Thread.currentThread().getContextClassLoader();

  @AfterEach
  void restoresTheThreadsLoader() {
    Thread.currentThread().setContextClassLoader(before);
  }

  /** A user's model. */
  public record Own(int hidden) implements GraphModel {
    @Override
    public int numHops() {
      return 1;
    }

    @Override
    public GraphBlock newBlock(int inputDim, int numClasses) {
      throw new UnsupportedOperationException();
    }
  }

  private static JsonObject stored() {
    return new ModelInfo(new Own(7), 3, 2, false, "tiny", "0123", "10", 7, 4, 0.875).toJson();
  }

  @Test
  void findsAUsersModelIfTheThreadHasNoContextClassLoader() {
    Thread.currentThread().setContextClassLoader(null);
    assertEquals(new Own(7), ModelInfo.fromJson(stored()).model());
  }

  @Test
  void findsAUsersModelIfTheContextClassLoaderIsAnotherPrograms() throws Exception {
    try (URLClassLoader foreign =
        new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
      Thread.currentThread().setContextClassLoader(foreign);
      assertEquals(new Own(7), ModelInfo.fromJson(stored()).model());
    }
  }

  @Test
  void prefersTheContextClassLoader() {
    ChildFirst loader = new ChildFirst(Set.of(Own.class.getName()));
    Thread.currentThread().setContextClassLoader(loader);
    assertSame(loader, ModelInfo.fromJson(stored()).model().getClass().getClassLoader());
  }

  /** As in an application server, where another program has its own Millrace. */
  @Test
  void aModelOfAnotherMillraceDoesNotHideTheModel() {
    Thread.currentThread()
        .setContextClassLoader(
            new ChildFirst(Set.of(Own.class.getName(), GraphModel.class.getName())));
    assertEquals(new Own(7), ModelInfo.fromJson(stored()).model());
  }

  /** Loads some classes again by itself. */
  private static final class ChildFirst extends ClassLoader {
    private final Set<String> own;

    ChildFirst(Set<String> own) {
      super(ModelClassLoaderTest.class.getClassLoader());
      this.own = own;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!own.contains(name)) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
