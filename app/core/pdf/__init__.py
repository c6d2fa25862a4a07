"""Documents as PDF: fonts for rare characters, a drawing kit and the frame all documents share."""
