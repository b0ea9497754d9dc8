package ai.postdev.developer.client;

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
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private ProtoJson() {}

    /** {@code message} on one line. */
    public static String line(MessageOrBuilder message) {
        StringBuilder out = new StringBuilder(256);
        write(message, out);
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

    private static void write(MessageOrBuilder message, StringBuilder out) {
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
                map(message, field, out);
            } else if (field.isRepeated()) {
                list(message, field, out);
            } else {
                value(field, message.getField(field), out);
            }
        }
        out.append('}');
    }

    private static void list(MessageOrBuilder message, FieldDescriptor field, StringBuilder out) {
        out.append('[');
        int count = message.getRepeatedFieldCount(field);
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.append(',');
            }
            value(field, message.getRepeatedField(field, i), out);
        }
        out.append(']');
    }

    private static void map(MessageOrBuilder message, FieldDescriptor field, StringBuilder out) {
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
            value(value, entry.getField(value), out);
        }
        out.append('}');
    }

    private static void value(FieldDescriptor field, Object value, StringBuilder out) {
        switch (field.getJavaType()) {
            case INT -> out.append(unsigned(field) ? Integer.toUnsignedString((Integer) value) : value.toString());
            case LONG -> out.append(unsigned(field) ? Long.toUnsignedString((Long) value) : value.toString());
            case FLOAT, DOUBLE -> number(((Number) value).doubleValue(), value.toString(), out);
            case BOOLEAN -> out.append(value);
            case STRING -> string((String) value, out);
            case BYTE_STRING -> string(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()), out);
            case ENUM -> string(((EnumValueDescriptor) value).getName(), out);
            case MESSAGE -> write((Message) value, out);
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
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                default -> {
                    boolean pair = Character.isHighSurrogate(c)
                            && i + 1 < text.length()
                            && Character.isLowSurrogate(text.charAt(i + 1));
                    if (pair) {
                        out.append(c).append(text.charAt(++i));
                    } else if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029 || Character.isSurrogate(c)) {
                        escape(c, out);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private static void escape(char c, StringBuilder out) {
        out.append("\\u")
                .append(HEX[c >> 12])
                .append(HEX[c >> 8 & 15])
                .append(HEX[c >> 4 & 15])
                .append(HEX[c & 15]);
    }
}
