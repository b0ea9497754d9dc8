package ai.postdev.coordinator.openai;

import ai.postdev.coordinator.gateway.DoorFault;
import ai.postdev.coordinator.gateway.Faults;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Optional;

/**
 * An error in the shape that clients of this API know.
 *
 * @param status of HTTP
 * @param type invalid_request_error, authentication_error, rate_limit_error or server_error
 * @param code for programs; empty: none
 * @param param the field that is wrong; empty: none
 */
record ApiError(int status, String type, String code, String message, String param) {
    static ApiError invalid(String param, String message) {
        return new ApiError(400, "invalid_request_error", "", message, param);
    }

    /**
     * The error for anything that a call of the service brought.
     *
     * @param text the field of the request that has the text
     */
    static ApiError of(Throwable thrown, String text) {
        DoorFault fault = Faults.of(thrown);
        return switch (fault.code()) {
            case NOT_FOUND ->
                new ApiError(404, "invalid_request_error", "model_not_found", fault.getMessage(), "model");
            case INVALID_ARGUMENT -> {
                boolean tooLong = fault.getMessage().contains("the context");
                yield new ApiError(
                        400,
                        "invalid_request_error",
                        tooLong ? "context_length_exceeded" : "",
                        fault.getMessage(),
                        tooLong ? text : fault.field().replace("json_schema", "response_format"));
            }
            case RESOURCE_EXHAUSTED -> new ApiError(429, "rate_limit_error", "overloaded", fault.getMessage(), "");
            case UNAUTHENTICATED, PERMISSION_DENIED ->
                new ApiError(401, "authentication_error", "invalid_api_key", fault.getMessage(), "");
            case UNAVAILABLE, FAILED_PRECONDITION ->
                new ApiError(503, "server_error", "unavailable", fault.getMessage(), "");
            case DEADLINE_EXCEEDED -> new ApiError(504, "server_error", "timeout", fault.getMessage(), "");
            case CANCELLED -> new ApiError(503, "server_error", "cancelled", fault.getMessage(), "");
            default -> new ApiError(500, "server_error", "", fault.getMessage(), "");
        };
    }

    /** When it is worth to try again, in seconds, if the message says so. */
    Optional<String> retryAfter() {
        int at = message.lastIndexOf("try again in ");
        if (status != 429 || at < 0) {
            return Optional.empty();
        }
        String digits = message.substring(at + "try again in ".length()).replaceFirst("\\D.*", "");
        return digits.isEmpty() ? Optional.empty() : Optional.of(digits);
    }

    JsonObject json() {
        JsonObject error = new JsonObject();
        error.addProperty("message", message);
        error.addProperty("type", type);
        error.add("param", param.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(param));
        error.add("code", code.isEmpty() ? JsonNull.INSTANCE : new JsonPrimitive(code));
        JsonObject whole = new JsonObject();
        whole.add("error", error);
        return whole;
    }

    /** Thrown by what reads requests. */
    static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ApiError error;

        Wrong(ApiError error) {
            super(error.message());
            this.error = error;
        }

        ApiError error() {
            return error;
        }
    }
}
