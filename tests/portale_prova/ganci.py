"""What Schemathesis is told: a generated part that is called a PDF travels as the bytes it is, whatever they are."""

import schemathesis

schemathesis.serializer.alias("application/pdf", "application/octet-stream")
