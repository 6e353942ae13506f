package io.millrace.transfer;

import io.millrace.cuda.Cuda;
import io.millrace.cuda.CudaEvent;
import io.millrace.cuda.CudaStream;
import io.millrace.cuda.DeviceMemory;
import io.millrace.cuda.ForwardingCuda;
import java.lang.foreign.MemorySegment;
import java.util.function.UnaryOperator;

/** Ways to break the copy protocol: each loses or alters one kind of call. */
enum Mutant {
  COPIES_WITHOUT_WAITING_FOR_THE_MODEL(
      "a device slot is refilled before it was consumed",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void streamWaitEvent(CudaStream stream, CudaEvent event) {
              if (computes(stream)) {
                super.streamWaitEvent(stream, event);
              }
            }
          }),

  WAITS_FOR_THE_MODEL_AFTER_THE_COPY(
      "a device slot is refilled before it was consumed",
      cuda ->
          new ForwardingCuda(cuda) {
            private CudaEvent late;

            @Override
            public void streamWaitEvent(CudaStream stream, CudaEvent event) {
              if (computes(stream)) {
                super.streamWaitEvent(stream, event);
              } else {
                late = event;
              }
            }

            @Override
            public void copyToDeviceAsync(
                MemorySegment source, DeviceMemory target, long offset, CudaStream stream) {
              super.copyToDeviceAsync(source, target, offset, stream);
              super.streamWaitEvent(stream, late);
            }
          }),

  COMPUTES_WITHOUT_WAITING_FOR_THE_COPY(
      "the model reads a device slot before it was copied",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void streamWaitEvent(CudaStream stream, CudaEvent event) {
              if (!computes(stream)) {
                super.streamWaitEvent(stream, event);
              }
            }
          }),

  NEVER_SAYS_CONSUMED(
      "a device slot is refilled before it was consumed",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void eventRecord(CudaEvent event, CudaStream stream) {
              if (!computes(stream)) {
                super.eventRecord(event, stream);
              }
            }
          }),

  SAYS_CONSUMED_ON_THE_COPY_STREAM(
      "a device slot is refilled before it was consumed",
      cuda ->
          new ForwardingCuda(cuda) {
            private CudaStream copyStream;

            @Override
            public CudaStream streamCreate() {
              copyStream = super.streamCreate();
              return copyStream;
            }

            @Override
            public void eventRecord(CudaEvent event, CudaStream stream) {
              super.eventRecord(event, copyStream);
            }
          }),

  /** The event of the slot on the host, behind it, is not lost. */
  NEVER_SAYS_COPIED(
      "the model reads a device slot before it was copied",
      cuda ->
          new ForwardingCuda(cuda) {
            private int numRecords;

            @Override
            public void eventRecord(CudaEvent event, CudaStream stream) {
              if (computes(stream) || numRecords++ % 2 == 1) {
                super.eventRecord(event, stream);
              }
            }
          }),

  SAYS_COPIED_ON_THE_MODELS_STREAM(
      "the model reads a device slot before it was copied",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void eventRecord(CudaEvent event, CudaStream stream) {
              super.eventRecord(event, CudaStream.LEGACY_DEFAULT);
            }
          }),

  SAYS_COPIED_BEFORE_THE_COPY(
      "the model reads a device slot before it was copied",
      cuda ->
          new ForwardingCuda(cuda) {
            private Runnable copy = () -> {};

            @Override
            public void copyToDeviceAsync(
                MemorySegment source, DeviceMemory target, long offset, CudaStream stream) {
              copy = () -> super.copyToDeviceAsync(source, target, offset, stream);
            }

            @Override
            public void eventRecord(CudaEvent event, CudaStream stream) {
              super.eventRecord(event, stream);
              if (!computes(stream)) {
                copy.run();
                copy = () -> {};
              }
            }
          }),

  NEVER_SAYS_THAT_THE_HOST_SLOT_WAS_LEFT(
      "a host slot is refilled before its copy is done",
      cuda ->
          new ForwardingCuda(cuda) {
            private int numRecords;

            @Override
            public void eventRecord(CudaEvent event, CudaStream stream) {
              if (computes(stream) || numRecords++ % 2 == 0) {
                super.eventRecord(event, stream);
              }
            }
          }),

  TAKES_EVERY_COPY_FOR_DONE(
      "a host slot is refilled before its copy is done",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public boolean eventQuery(CudaEvent event) {
              return true;
            }
          }),

  GROWS_WITHOUT_WAITING(
      "device memory is freed before",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void eventSynchronize(CudaEvent event) {}
          }),

  ENDS_AN_EPOCH_WITH_COPIES_UNDER_WAY(
      " before its copy is done",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void streamSynchronize(CudaStream stream) {}
          }),

  WAITS_FOR_EVERY_COPY(
      "the host waits for the GPU",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void copyToDeviceAsync(
                MemorySegment source, DeviceMemory target, long offset, CudaStream stream) {
              super.copyToDeviceAsync(source, target, offset, stream);
              super.streamSynchronize(stream);
            }
          }),

  COPIES_WHERE_THE_MODEL_COMPUTES(
      "a copy on the stream that computes",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void copyToDeviceAsync(
                MemorySegment source, DeviceMemory target, long offset, CudaStream stream) {
              super.copyToDeviceAsync(source, target, offset, CudaStream.LEGACY_DEFAULT);
            }
          }),

  COPIES_TOO_LITTLE(
      "other bytes than on CPU",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void copyToDeviceAsync(
                MemorySegment source, DeviceMemory target, long offset, CudaStream stream) {
              long bytes = source.byteSize() - 256;
              super.copyToDeviceAsync(source.asSlice(0, bytes), target, offset, stream);
            }
          }),

  COPIES_TO_THE_WRONG_PLACE(
      "other bytes than on CPU",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void copyToDeviceAsync(
                MemorySegment source, DeviceMemory target, long offset, CudaStream stream) {
              super.copyToDeviceAsync(source, target, 0, stream);
            }
          }),

  LEAKS_DEVICE_MEMORY(
      "left behind: [device memory",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void deviceFree(DeviceMemory memory) {}
          }),

  LEAKS_HOST_MEMORY(
      "left behind: [host memory",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void hostFree(MemorySegment memory) {}
          }),

  LEAKS_EVENTS(
      "left behind: [event",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void eventDestroy(CudaEvent event) {}
          }),

  LEAKS_STREAMS(
      "left behind: [stream",
      cuda ->
          new ForwardingCuda(cuda) {
            @Override
            public void streamDestroy(CudaStream stream) {}
          });

  /** Part of what the check must say. */
  final String rule;

  private final UnaryOperator<Cuda> breaking;

  Mutant(String rule, UnaryOperator<Cuda> breaking) {
    this.rule = rule;
    this.breaking = breaking;
  }

  Cuda of(Cuda cuda) {
    return breaking.apply(cuda);
  }

  private static boolean computes(CudaStream stream) {
    return stream.equals(CudaStream.LEGACY_DEFAULT);
  }
}
