"""What will be sold, and when to buy how much. Pure: numpy arrays and dataclasses in and out, no ORM, no settings.

A demand matrix is (series, periods), the newest period last, pieces a period with returns netted. NaN is what
nobody could see: before the first sale of a series, and periods without stock. Series of different length are
aligned at their end.
"""
