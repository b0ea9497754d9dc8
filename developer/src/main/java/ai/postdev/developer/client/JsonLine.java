package ai.postdev.developer.client;

import ai.postdev.actors.door.FaultCode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

/**
 * Reads one flat JSON object, as the batch mode of the command line takes it, into a request: text, numbers and
 * booleans by the camelCase names of the fields. Strict: an unknown field or a value of another type is refused.
 */
public final class JsonLine {
    private final String line;
    private int at;

    private JsonLine(String line) {
        this.line = line;
    }

    /**
     * Sets the fields of {@code request} that {@code line} names.
     *
     * @throws ClientFault with {@link FaultCode#INVALID_ARGUMENT} and the column, if the line is not such an object
     */
    public static void into(String line, Message.Builder request) throws ClientFault {
        new JsonLine(line).object(request);
    }

    private void object(Message.Builder request) throws ClientFault {
        expect('{');
        space();
        if (peek() != '}') {
            do {
                space();
                int start = at;
                String name = string();
                FieldDescriptor field = field(request, name, start);
                expect(':');
                space();
                request.setField(field, value(field));
                space();
            } while (accept(','));
        }
        expect('}');
        space();
        if (at < line.length()) {
            throw wrong(at, "the end of the line");
        }
    }

    private static FieldDescriptor field(Message.Builder request, String name, int column) throws ClientFault {
        StringBuilder known = new StringBuilder();
        for (FieldDescriptor field : request.getDescriptorForType().getFields()) {
            if (field.isRepeated()) {
                continue;
            }
            if (field.getJsonName().equals(name)) {
                return field;
            }
            known.append(known.isEmpty() ? "" : ", ").append(field.getJsonName());
        }
        throw new ClientFault(
                FaultCode.INVALID_ARGUMENT,
                "column " + (column + 1) + ": unknown field \"" + name + "\", expected one of: " + known);
    }

    private Object value(FieldDescriptor field) throws ClientFault {
        int start = at;
        return switch (field.getJavaType()) {
            case STRING -> string();
            case INT -> number(start).intValue();
            case LONG -> number(start);
            case BOOLEAN -> {
                if (line.startsWith("true", at)) {
                    at += 4;
                    yield true;
                }
                if (line.startsWith("false", at)) {
                    at += 5;
                    yield false;
                }
                throw wrong(start, "true or false");
            }
            case FLOAT, DOUBLE, BYTE_STRING, ENUM, MESSAGE ->
                throw wrong(start, "no value: this field is not for lines");
        };
    }

    private Long number(int start) throws ClientFault {
        accept('-');
        while (at < line.length() && Character.isDigit(line.charAt(at))) {
            at++;
        }
        try {
            return (long) Integer.parseInt(line.substring(start, at));
        } catch (NumberFormatException _) {
            throw wrong(start, "a whole number");
        }
    }

    private String string() throws ClientFault {
        if (!accept('"')) {
            throw wrong(at, "a text in double quotes");
        }
        StringBuilder text = new StringBuilder();
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                return text.toString();
            }
            text.append(c == '\\' ? escaped() : c);
        }
        throw wrong(at, "a closing double quote");
    }

    private char escaped() throws ClientFault {
        char c = at < line.length() ? line.charAt(at++) : ' ';
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'u' -> {
                int start = at;
                at = Math.min(at + 4, line.length());
                try {
                    yield (char) Integer.parseInt(line.substring(start, at), 16);
                } catch (NumberFormatException _) {
                    throw wrong(start, "four hexadecimal digits");
                }
            }
            default -> throw wrong(at - 1, "an escape of JSON after the backslash");
        };
    }

    private void expect(char c) throws ClientFault {
        space();
        if (!accept(c)) {
            throw wrong(at, "'" + c + "'");
        }
    }

    private boolean accept(char c) {
        if (peek() == c) {
            at++;
            return true;
        }
        return false;
    }

    private char peek() {
        return at < line.length() ? line.charAt(at) : '\0';
    }

    private void space() {
        while (at < line.length() && " \t\r\n".indexOf(line.charAt(at)) >= 0) {
            at++;
        }
    }

    private ClientFault wrong(int position, String expected) {
        String found = position < line.length() ? "'" + line.charAt(position) + "'" : "the end of the line";
        return new ClientFault(
                FaultCode.INVALID_ARGUMENT, "column " + (position + 1) + ": found " + found + ", expected " + expected);
    }
}
