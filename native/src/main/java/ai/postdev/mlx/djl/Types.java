package ai.postdev.mlx.djl;

import ai.djl.ndarray.types.DataType;
import ai.postdev.mlx.MlxArray;

/** DJL's element types and MLX's. */
final class Types {
    private Types() {}

    static MlxArray.Type of(DataType type) {
        return switch (type) {
            case FLOAT32 -> MlxArray.Type.FLOAT32;
            case FLOAT64 -> MlxArray.Type.FLOAT64;
            case FLOAT16 -> MlxArray.Type.FLOAT16;
            case BFLOAT16 -> MlxArray.Type.BFLOAT16;
            case INT32 -> MlxArray.Type.INT32;
            case INT64 -> MlxArray.Type.INT64;
            case INT8 -> MlxArray.Type.INT8;
            case UINT8 -> MlxArray.Type.UINT8;
            case UINT32 -> MlxArray.Type.UINT32;
            case BOOLEAN -> MlxArray.Type.BOOLEAN;
            case INT16, UINT16, UINT64, COMPLEX64, STRING, UNKNOWN ->
                throw new UnsupportedOperationException("the engine MLX has no arrays of " + type);
        };
    }

    static DataType of(MlxArray.Type type) {
        return switch (type) {
            case FLOAT32 -> DataType.FLOAT32;
            case FLOAT64 -> DataType.FLOAT64;
            case FLOAT16 -> DataType.FLOAT16;
            case BFLOAT16 -> DataType.BFLOAT16;
            case INT32 -> DataType.INT32;
            case INT64 -> DataType.INT64;
            case INT8 -> DataType.INT8;
            case UINT8 -> DataType.UINT8;
            case UINT32 -> DataType.UINT32;
            case BOOLEAN -> DataType.BOOLEAN;
        };
    }
}
