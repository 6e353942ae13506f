package io.millrace.cuda;

/**
 * A GPU that {@link CudaProbe} found.
 *
 * @param index CUDA's number of the device, from 0
 * @param name the product name, for instance "NVIDIA H200"
 * @param totalBytes the size of its memory
 * @param computeCapability for instance "9.0"
 */
public record CudaDevice(int index, String name, long totalBytes, String computeCapability) {}
