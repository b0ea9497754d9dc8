package ai.postdev.developer.client;

import ai.postdev.actors.text.JsonString;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.util.Base64;
import java.util.List;

/**
 * Writes a protobuf message as JSON, field for field: camelCase names, 64-bit integers as numbers, default values
 * included, so that a script finds every field of the contract. The stock JSON of protobuf writes int64 as strings and
 * costs a library that the command line need not load.
 */
public final class ProtoJson {
    /** Messages within each other; what comes from a node is never deeper, because protobuf reads no deeper ones. */
    static final int DEPTH_MAX = 100;

    private ProtoJson() {}

    /**
     * {@code message} on one line.
     *
     * @throws IllegalArgumentException if messages lie in it more than 100 deep within each other
     */
    public static String line(MessageOrBuilder message) {
        StringBuilder out = new StringBuilder(256);
        write(message, 0, out);
        return out.toString();
    }

    /** {@code {"error":{"code":…,"message":…}}} on one line. */
    public static String error(ClientFault fault) {
        StringBuilder out = new StringBuilder("{\"error\":{\"code\":");
        string(fault.code().name(), out);
        out.append(",\"message\":");
        string(String.valueOf(fault.getMessage()), out);
        return out.append("}}").toString();
    }

    private static void write(MessageOrBuilder message, int depth, StringBuilder out) {
        if (depth > DEPTH_MAX) {
            throw new IllegalArgumentException("a message of type "
                    + message.getDescriptorForType().getName() + " lies more than " + DEPTH_MAX
                    + " deep within others, expected fewer");
        }
        out.append('{');
        boolean first = true;
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (!first) {
                out.append(',');
            }
            first = false;
            string(field.getJsonName(), out);
            out.append(':');
            if (field.isMapField()) {
                map(message, field, depth, out);
            } else if (field.isRepeated()) {
                list(message, field, depth, out);
            } else {
                value(field, message.getField(field), depth, out);
            }
        }
        out.append('}');
    }

    private static void list(MessageOrBuilder message, FieldDescriptor field, int depth, StringBuilder out) {
        out.append('[');
        int count = message.getRepeatedFieldCount(field);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.append(',');
            }
            value(field, message.getRepeatedField(field, i), depth, out);
        }
        out.append(']');
    }

    private static void map(MessageOrBuilder message, FieldDescriptor field, int depth, StringBuilder out) {
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        List<Message> entries = ((List<?>) message.getField(field))
                .stream().map(Message.class::cast).toList();
        out.append('{');
        boolean first = true;
        for (Message entry : entries) {
            if (!first) {
                out.append(',');
            }
            first = false;
            string(String.valueOf(entry.getField(key)), out);
            out.append(':');
            value(value, entry.getField(value), depth, out);
        }
        out.append('}');
    }

    private static void value(FieldDescriptor field, Object value, int depth, StringBuilder out) {
        switch (field.getJavaType()) {
            case INT -> out.append(unsigned(field) ? Integer.toUnsignedString((Integer) value) : value.toString());
            case LONG -> out.append(unsigned(field) ? Long.toUnsignedString((Long) value) : value.toString());
            case FLOAT, DOUBLE -> number(((Number) value).doubleValue(), value.toString(), out);
            case BOOLEAN -> out.append(value);
            case STRING -> string((String) value, out);
            case BYTE_STRING -> string(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()), out);
            case ENUM -> string(((EnumValueDescriptor) value).getName(), out);
            case MESSAGE -> write((Message) value, depth + 1, out);
        }
    }

    private static boolean unsigned(FieldDescriptor field) {
        return switch (field.getType()) {
            case UINT32, UINT64, FIXED32, FIXED64 -> true;
            default -> false;
        };
    }

    /** JSON has no word for infinity or for what is no number: both become null. */
    private static void number(double value, String text, StringBuilder out) {
        out.append(Double.isFinite(value) ? text : "null");
    }

    /** Appends {@code text} quoted. Half a surrogate pair, which UTF-8 cannot hold, is escaped. */
    static void string(String text, StringBuilder out) {
        JsonString.append(text, c -> c == 0x7f || c == 0x2028 || c == 0x2029 || Character.isSurrogate((char) c), out);
    }
}
