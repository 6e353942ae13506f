package io.millrace.cuda;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.runtime.JCuda;
import jcuda.runtime.cudaEvent_t;
import jcuda.runtime.cudaStream_t;

/**
 * The streams and events that are alive, by handle. JCuda needs its own objects in calls, and a
 * destroyed handle would crash in the driver. Thread-safe.
 */
final class JCudaHandles {
  private final Map<Long, cudaStream_t> streams = new ConcurrentHashMap<>();
  private final Map<Long, cudaEvent_t> events = new ConcurrentHashMap<>();

  CudaStream add(Stream created) {
    streams.put(created.address(), created);
    return new CudaStream(created.address());
  }

  CudaEvent add(Event created) {
    events.put(created.address(), created);
    return new CudaEvent(created.address());
  }

  cudaStream_t alive(CudaStream stream) {
    return stream.equals(CudaStream.LEGACY_DEFAULT)
        ? JCuda.cudaStreamLegacy
        : found(streams.get(stream.handle()), "stream", stream);
  }

  cudaEvent_t alive(CudaEvent event) {
    return found(events.get(event.handle()), "event", event);
  }

  cudaStream_t remove(CudaStream stream) {
    return found(streams.remove(stream.handle()), "stream", stream);
  }

  cudaEvent_t remove(CudaEvent event) {
    return found(events.remove(event.handle()), "event", event);
  }

  private static <T> T found(T handle, String name, Object asked) {
    if (handle == null) {
      throw new IllegalStateException("unknown or destroyed: " + name + "=" + asked);
    }
    return handle;
  }

  /** An address as JCuda's pointer; only subclasses can read the number. */
  static final class RawPointer extends jcuda.Pointer {
    RawPointer(long address) {
      super(address);
    }

    long address() {
      return getNativePointer();
    }
  }

  static final class Stream extends cudaStream_t {
    long address() {
      return getNativePointer();
    }
  }

  static final class Event extends cudaEvent_t {
    long address() {
      return getNativePointer();
    }
  }
}
